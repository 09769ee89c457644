/* SPDX-License-Identifier: BSD-2-Clause */
/* target_table.c - the tools whose options and variables choose a target.  See target.h.  Options and variables are from each
 * tool's manual. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "rules/target.h"

/* clang-format off */
#define AWS_VARIABLES "AWS_PROFILE AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWS_CONFIG_FILE " \
	"AWS_SHARED_CREDENTIALS_FILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_ROLE_ARN " \
	"AWS_WEB_IDENTITY_TOKEN_FILE "
#define GCP_VARIABLES "CLOUDSDK_CORE_PROJECT CLOUDSDK_CORE_ACCOUNT CLOUDSDK_ACTIVE_CONFIG_NAME CLOUDSDK_CONFIG " \
	"CLOUDSDK_COMPUTE_REGION CLOUDSDK_COMPUTE_ZONE CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT GOOGLE_CLOUD_PROJECT " \
	"GOOGLE_APPLICATION_CREDENTIALS "
#define AZURE_VARIABLES "AZURE_CONFIG_DIR AZURE_CLOUD_NAME AZURE_DEFAULTS_GROUP AZURE_SUBSCRIPTION_ID AZURE_TENANT_ID " \
	"ARM_SUBSCRIPTION_ID ARM_TENANT_ID "
#define POSTGRESQL_VARIABLES "PGHOST PGHOSTADDR PGPORT PGDATABASE PGUSER PGPASSWORD PGPASSFILE PGSERVICE PGSERVICEFILE " \
	"PGSSLMODE PGSSLROOTCERT PGSSLCERT PGSSLKEY PGOPTIONS PGTARGETSESSIONATTRS PGSYSCONFDIR"
#define HOME "HOME XDG_CONFIG_HOME "
#define DATABASE "DATABASE_URL "

static const struct target_tool target_tools[] = {
	{"kubectl k oc kubecolor",
	 .target = "--context: -n|--namespace: --kubeconfig: --cluster: --user: -s|--server: --token: --as: --as-group: "
		   "--as-uid: --certificate-authority: --client-certificate: --client-key: --tls-server-name: "
		   "--insecure-skip-tls-verify",
	 .options = "-l|--selector: --field-selector: -f|--filename: -k|--kustomize: -R|--recursive -A|--all-namespaces "
		    "--prune -o|--output: --grace-period: --timeout: -c|--container: --request-timeout: --template: "
		    "--sort-by: --field-manager: --replicas: --current-replicas: --resource-version: --to-revision: "
		    "--overrides: --type: -p|--patch: --patch-file: --pod-selector: --cache-dir: -v|--v: --vmodule: "
		    "--cascade? --dry-run? --raw: --profile: --profile-output: --prune-allowlist: --subresource:",
	 .variables = HOME "KUBECONFIG", .verbs = 1},
	{"helm helm3",
	 .target = "--kube-context: -n|--namespace: --kubeconfig: --kube-apiserver: --kube-token: --kube-as-user: "
		   "--kube-as-group: --kube-ca-file: --kube-tls-server-name: --kube-insecure-skip-tls-verify",
	 .options = "-f|--values: --set: --set-string: --set-file: --set-json: --version: --timeout: --description: "
		    "--history-max: --max: --cascade: -o|--output: --repo: --registry-config: --repository-cache: "
		    "--repository-config: --burst-limit: --qps: -l|--labels:",
	 .variables = HOME "KUBECONFIG HELM_KUBECONTEXT HELM_NAMESPACE HELM_KUBEAPISERVER HELM_KUBETOKEN HELM_KUBEASUSER "
		      "HELM_KUBEASGROUPS HELM_KUBECAFILE HELM_DRIVER", .verbs = 1},
	{"aws", .target = "--profile: --region: --endpoint-url: --ca-bundle: --no-verify-ssl",
	 .variables = HOME AWS_VARIABLES},
	{"az", .target = "--subscription:", .variables = HOME AZURE_VARIABLES},
	{"gcloud", .target = "--project: --account: --configuration: --impersonate-service-account:",
	 .variables = HOME GCP_VARIABLES},
	{"gsutil", .target = "-u: -i: -o:", .variables = HOME GCP_VARIABLES "BOTO_CONFIG BOTO_PATH", .first = 1},
	{"bq", .target = "--project_id: --location: --api: --dataset_id: --bigqueryrc: --use_gce_service_account",
	 .variables = HOME GCP_VARIABLES "BIGQUERYRC", .first = 1},
	{"docker podman nerdctl",
	 .target = "-H|--host: -c|--context: --config: --tlscacert: --tlscert: --tlskey: --tls --tlsverify --url: "
		   "--connection: -r|--remote --root: -a|--address: -n|--namespace:",
	 .options = "-l|--log-level: --runroot: --storage-driver: --storage-opt:",
	 .variables = HOME "DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS_VERIFY DOCKER_CERT_PATH COMPOSE_FILE "
		      "COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_ENV_FILES CONTAINER_HOST CONTAINER_CONNECTION "
		      "CONTAINERS_CONF CONTAINERD_ADDRESS CONTAINERD_NAMESPACE XDG_RUNTIME_DIR", .verbs = 1, .first = 1},
	{"docker-compose podman-compose",
	 .target = "-H|--host: -c|--context: -f|--file: -p|--project-name: --project-directory: --profile: --env-file: "
		   "--tls --tlscacert: --tlscert: --tlskey: --tlsverify",
	 .variables = HOME "DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS_VERIFY DOCKER_CERT_PATH COMPOSE_FILE "
		      "COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_ENV_FILES", .verbs = 1, .first = 1},
	{"crictl", .target = "-r|--runtime-endpoint: -i|--image-endpoint: -c|--config:",
	 .options = "-t|--timeout:", .variables = "CONTAINER_RUNTIME_ENDPOINT IMAGE_SERVICE_ENDPOINT CRI_CONFIG_FILE",
	 .verbs = 1, .first = 1, .local = 1},
	{"virsh", .target = "-c|--connect:", .options = "-d|--debug: -l|--log: -e|--escape: -k: -K:",
	 .variables = HOME "LIBVIRT_DEFAULT_URI VIRSH_DEFAULT_CONNECT_URI", .verbs = 1, .first = 1},
	{"psql pgcli dropdb dropuser",
	 .target = "-h|--host: -p|--port: -U|--username: -d|--dbname:",
	 .options = "--maintenance-db: -c|--command: -f|--file: -v|--set|--variable: -o|--output: -L|--log-file: "
		    "-F|--field-separator: -P|--pset: -R|--record-separator: -T|--table-attr:",
	 .variables = HOME POSTGRESQL_VARIABLES},
	{"pg_restore",
	 .target = "-h|--host: -p|--port: -U|--username: -d|--dbname:",
	 .options = "-f|--file: -F|--format: -I|--index: -j|--jobs: -L|--use-list: -n|--schema: -N|--exclude-schema: "
		    "-P|--function: -S|--superuser: -t|--table: -T|--trigger: --role: --section: --filter:",
	 .variables = HOME POSTGRESQL_VARIABLES},
	{"mysql mariadb mycli mysqladmin mariadb-admin",
	 .target = "-h|--host: -P|--port: -u|--user: -p|--password? -S|--socket: -D|--database: --protocol: "
		   "--defaults-file: --defaults-extra-file: --defaults-group-suffix: --login-path: --ssl-mode: --ssl-ca: "
		   "--ssl-cert: --ssl-key:",
	 .options = "-e|--execute: --init-command: --default-character-set: --connect-timeout: --delimiter: --prompt: "
		    "-i|--sleep: -w|--wait? -c|--count: --tee: --pager?",
	 .variables = HOME "MYSQL_HOST MYSQL_TCP_PORT MYSQL_UNIX_PORT MYSQL_PWD MYSQL_HOME MYSQL_GROUP_SUFFIX "
		      "MYSQL_TEST_LOGIN_FILE"},
	{"redis-cli valkey-cli keydb-cli dragonfly-cli",
	 .target = "-h: -p: -s: -a: -u: -n: --user: --pass: --sni: --cacert: --cacertdir: --cert: --key: --tls --insecure "
		   "--cluster#",
	 .options = "-t: -r: -i: -d: -D: -X: --eval: --pattern: --quoted-pattern: --count: --rdb: --functions-rdb: "
		    "--pipe-timeout: --memkeys-samples: --show-pushes: --tls-ciphers: --tls-ciphersuites:",
	 .variables = HOME "REDISCLI_AUTH REDISCLI_RCFILE", .verbs = 1, .first = 1},
	{"terraform tofu terragrunt",
	 .target = "-chdir:", .options = "-state: -lock-timeout: -var: -var-file: -target: -out: -replace: -parallelism: -backup:",
	 .variables = HOME AWS_VARIABLES GCP_VARIABLES AZURE_VARIABLES
		      "TF_WORKSPACE TF_DATA_DIR TF_CLI_CONFIG_FILE TF_TOKEN_app_terraform_io", .verbs = 1, .first = 1},
	{"pulumi", .target = "-s|--stack: -C|--cwd:", .options = "-c|--config: -m|--message: -t|--target: -f|--file: --color: "
	 "-p|--parallel: --config-file: -v|--verbose:",
	 .variables = HOME AWS_VARIABLES GCP_VARIABLES AZURE_VARIABLES
		      "PULUMI_STACK PULUMI_HOME PULUMI_BACKEND_URL PULUMI_ACCESS_TOKEN PULUMI_CONFIG_PASSPHRASE "
		      "PULUMI_CONFIG_PASSPHRASE_FILE", .verbs = 1},
	{"cdk aws-cdk", .target = "--profile: -a|--app: -c|--context: -r|--role-arn: --ca-bundle-path: --proxy:",
	 .options = "-o|--output:", .variables = HOME AWS_VARIABLES, .verbs = 1},
	{"vagrant", .target = "", .variables = HOME "VAGRANT_CWD VAGRANT_HOME VAGRANT_VAGRANTFILE VAGRANT_DOTFILE_PATH "
	 "VAGRANT_DEFAULT_PROVIDER", .verbs = 1},
	{"restic rustic",
	 .target = "-r|--repo|--repository: --repository-file: -p|--password-file: --cacert: --tls-client-cert: -P|--use-profile:",
	 .options = "-o|--option:", .variables = HOME AWS_VARIABLES GCP_VARIABLES
		    "RESTIC_REPOSITORY RESTIC_REPOSITORY_FILE RESTIC_PASSWORD RESTIC_PASSWORD_FILE RUSTIC_REPOSITORY "
		    "RUSTIC_PASSWORD RUSTIC_PASSWORD_FILE B2_ACCOUNT_ID B2_ACCOUNT_KEY", .verbs = 1},
	{"borg", .target = "-r|--repo:", .options = "--rsh: --remote-path: --lock-wait: -a|--glob-archives: -P|--prefix: --first: "
	 "--last: --keep-within: -H|--keep-hourly: -d|--keep-daily: -w|--keep-weekly: -m|--keep-monthly: -y|--keep-yearly: "
	 "--keep-last: -s|--save-space",
	 .variables = HOME "BORG_REPO BORG_PASSPHRASE BORG_BASE_DIR BORG_CONFIG_DIR BORG_KEYS_DIR BORG_KEY_FILE "
		      "BORG_REMOTE_PATH", .verbs = 1},
	{"rclone", .target = "--config:", .variables = HOME "RCLONE_CONFIG RCLONE_CONFIG_PASS RCLONE_CONFIG_DIR", .verbs = 1},
	{"git", .target = "-C: -c: --git-dir: --work-tree: --namespace: --config-env:",
	 .options = "-d|--delete|--delet|--dele|--del|--de --mirror|--mirro|--mirr|--mir|--mi "
		    "--prune|--prun|--pru -o|--push-option: --receive-pack|--exec: --repo# --all# --branches# --tags#",
	 .variables = HOME
	 "GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_COMMON_DIR GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES "
	 "GIT_NAMESPACE GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_SSH_COMMAND SSH_AUTH_SOCK", .verbs = 1, .first = 1, .local = 1},
	{"hg", .target = "-R|--repository: --cwd: --config:", .variables = HOME "HGRCPATH", .verbs = 1, .local = 1},
	{"jj", .target = "-R|--repository: --at-operation|--at-op: --config: --config-file:", .variables = HOME "JJ_CONFIG",
	 .verbs = 1, .local = 1},
	{"svn", .target = "--config-dir: --config-option: --username: --password:",
	 .options = "--depth: --cl|--changelist: --targets:", .variables = HOME, .verbs = 1, .local = 1},
	{"gh", .target = "-R|--repo:", .options = "-b|--branch: --visibility: -d|--description: -h|--homepage: --source: -e|--env: "
	 "-o|--org: -u|--user: -a|--app:", .variables = HOME "GH_REPO GH_HOST GH_TOKEN GITHUB_TOKEN GH_ENTERPRISE_TOKEN "
	 "GITHUB_ENTERPRISE_TOKEN GH_CONFIG_DIR GIT_DIR GIT_WORK_TREE", .verbs = 2},
	{"glab", .target = "-R|--repo:", .variables = HOME "GITLAB_HOST GITLAB_TOKEN GITLAB_URI GLAB_CONFIG_DIR GIT_DIR GIT_WORK_TREE",
	 .verbs = 2},
	{"ansible ansible-playbook", .target = "-i|--inventory|--inventory-file:",
	 .options = "-l|--limit: -m|--module-name: -a|--args: -e|--extra-vars: -f|--forks: -u|--user: -c|--connection: -t|--tags: "
		    "--skip-tags: --vault-password-file: --vault-id: -T|--timeout: --become-user: --become-method: "
		    "--private-key|--key-file: --start-at-task: -M|--module-path: -B|--background: -P|--poll: -o|--one-line",
	 .variables = HOME "ANSIBLE_INVENTORY ANSIBLE_CONFIG ANSIBLE_VAULT_PASSWORD_FILE"},
	{"nomad", .target = "-address: -region: -token: -ca-cert: -ca-path: -client-cert: -client-key: -tls-server-name: -namespace:",
	 .variables = "NOMAD_ADDR NOMAD_REGION NOMAD_NAMESPACE NOMAD_TOKEN NOMAD_CACERT NOMAD_CAPATH NOMAD_CLIENT_CERT "
		      "NOMAD_CLIENT_KEY NOMAD_TLS_SERVER_NAME", .verbs = 2},
	{"consul", .target = "-http-addr: -datacenter: -namespace: -partition: -token: -token-file: -ca-file: -ca-path: "
	 "-client-cert: -client-key: -tls-server-name:",
	 .variables = "CONSUL_HTTP_ADDR CONSUL_HTTP_TOKEN CONSUL_HTTP_TOKEN_FILE CONSUL_NAMESPACE CONSUL_PARTITION "
		      "CONSUL_HTTP_SSL CONSUL_CACERT CONSUL_CLIENT_CERT CONSUL_CLIENT_KEY", .verbs = 2},
	{"vault bao", .target = "-address: -agent-address: -ca-cert: -ca-path: -client-cert: -client-key: -namespace|-ns: "
	 "-tls-server-name: -tls-skip-verify",
	 .variables = HOME "VAULT_ADDR VAULT_AGENT_ADDR VAULT_NAMESPACE VAULT_TOKEN VAULT_CACERT VAULT_CAPATH "
		      "VAULT_CLIENT_CERT VAULT_CLIENT_KEY VAULT_TLS_SERVER_NAME VAULT_SKIP_VERIFY BAO_ADDR BAO_NAMESPACE BAO_TOKEN",
	 .verbs = 2},
	{"heroku", .target = "-a|--app: -r|--remote:", .variables = HOME "HEROKU_APP HEROKU_API_KEY HEROKU_HOST", .verbs = 1},
	{"fly flyctl", .target = "-a|--app: -c|--config: -t|--access-token:", .variables = HOME "FLY_APP FLY_API_TOKEN "
	 "FLY_ACCESS_TOKEN FLY_CONFIG_DIR", .verbs = 2},
	{"vercel vc", .target = "-S|--scope: -T|--team: -t|--token: -A|--local-config: -Q|--global-config: --cwd:",
	 .variables = HOME "VERCEL_ORG_ID VERCEL_PROJECT_ID VERCEL_TOKEN"},
	{"netlify ntl railway", .target = "", .variables = HOME "NETLIFY_SITE_ID NETLIFY_AUTH_TOKEN RAILWAY_TOKEN RAILWAY_API_TOKEN"},
	{"wrangler", .target = "-c|--config: --cwd: -e|--env:", .variables = HOME "CLOUDFLARE_ACCOUNT_ID CLOUDFLARE_API_TOKEN "
	 "CLOUDFLARE_API_KEY CLOUDFLARE_EMAIL CLOUDFLARE_ENV"},
	{"firebase", .target = "-P|--project: --account: --config: --token:", .variables = HOME "FIREBASE_TOKEN "
	 "GOOGLE_APPLICATION_CREDENTIALS"},
	{"supabase", .target = "--project-ref: --workdir: --db-url: --linked --local --profile:", .variables = HOME
	 "SUPABASE_ACCESS_TOKEN SUPABASE_DB_PASSWORD SUPABASE_WORKDIR"},
	{"databricks", .target = "-p|--profile: -t|--target:", .variables = HOME "DATABRICKS_HOST DATABRICKS_TOKEN "
	 "DATABRICKS_CONFIG_PROFILE DATABRICKS_CONFIG_FILE DATABRICKS_CLIENT_ID DATABRICKS_CLIENT_SECRET"},
	{"dbt", .target = "-t|--target: --profile: --profiles-dir: --project-dir:",
	 .options = "-s|--select: -m|--models: --exclude: --selector:", .variables = HOME "DBT_PROFILES_DIR DBT_PROJECT_DIR DBT_TARGET "
	 "DBT_PROFILE", .verbs = 1},
	{"hdfs hadoop", .target = "-fs: -conf: -D:", .variables = "HADOOP_CONF_DIR HADOOP_HOME HADOOP_USER_NAME", .verbs = 1},
	{"doppler", .target = "-p|--project: -c|--config: -t|--token: --api-host: --scope: --configuration:",
	 .variables = HOME "DOPPLER_PROJECT DOPPLER_CONFIG DOPPLER_TOKEN DOPPLER_API_HOST"},
	{"gpg gpg2", .target = "--homedir: --keyring: --no-default-keyring", .variables = HOME "GNUPGHOME"},
	{"certbot", .target = "--config-dir: --work-dir: --logs-dir: -c|--config: --cert-name: -d|--domain|--domains:",
	 .variables = HOME, .local = 1},
	{"ssh-add", .target = "", .variables = "SSH_AUTH_SOCK"},
	{"rabbitmqctl", .target = "-n|--node: -p|--vhost: -l|--longnames", .options = "-t|--timeout:",
	 .variables = "RABBITMQ_NODENAME RABBITMQ_CONF_ENV_FILE", .verbs = 1, .local = 1},
	{"prisma zenstack", .target = "--schema: --config:", .variables = DATABASE "DIRECT_URL SHADOW_DATABASE_URL", .verbs = 2},
	{"rails rake", .target = "RAILS_ENV: DATABASE_URL:", .variables = DATABASE "RAILS_ENV RACK_ENV", .verbs = 1},
	{"manage.py django-admin django", .target = "--settings: --database: --pythonpath:", .variables = DATABASE
	 "DJANGO_SETTINGS_MODULE PYTHONPATH"},
	{"alembic", .target = "-c|--config: -n|--name: -x:", .variables = DATABASE, .verbs = 1, .first = 1},
	{"mix", .target = "-r|--repo: --prefix:", .options = "-n|--step: -v|--to: --to-exclusive: --migrations-path:",
	 .variables = DATABASE "MIX_ENV MIX_EXS MIX_TARGET", .verbs = 1},
	{"dotnet dotnet-ef", .target = "-p|--project: -s|--startup-project: -c|--context: --configuration: --connection: --framework:",
	 .variables = DATABASE "ASPNETCORE_ENVIRONMENT DOTNET_ENVIRONMENT", .verbs = 3},
	{"npm", .target = "--prefix: -w|--workspace: -C: --registry: --userconfig:", .options = "--tag: --access: --otp:",
	 .variables = HOME "npm_config_registry npm_config_prefix npm_config_userconfig NPM_CONFIG_REGISTRY NPM_CONFIG_USERCONFIG",
	 .verbs = 1},
	{"cargo", .target = "--manifest-path: -p|--package: -C:", .options = "--token: --registry: --index: --target: -j|--jobs: "
	 "--config: -Z: -F|--features: --vers|--version:", .variables = "CARGO_HOME CARGO_REGISTRY_DEFAULT", .verbs = 1},
	{"twine", .target = "-r|--repository: --repository-url: --config-file:", .variables = HOME "TWINE_REPOSITORY TWINE_REPOSITORY_URL "
	 "TWINE_USERNAME TWINE_PASSWORD", .verbs = 1},
	{"systemctl", .target = "-H|--host: -M|--machine: --user --root: --image: --global",
	 .options = "-t|--type: --state: -p|--property: -s|--signal: --kill-who|--kill-whom: -n|--lines: -o|--output: --what: "
		    "--job-mode: --preset-mode:", .variables = "XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS", .verbs = 1, .local = 1},
	{"journalctl", .target = "-D|--directory: -M|--machine: --root: --image: --namespace: -i|--file: --user --system",
	 .options = "--vacuum-size: --vacuum-time: --vacuum-files:", .local = 1},
	{"crontab", .target = "-u:"},
	{"ip", .target = "-n|-netns|--netns: -N:", .options = "-b|-batch: -rc|-rcvbuf: -l|-loops: -f|-family:", .verbs = 2, .first = 1,
	 .local = 1},
	{"iptables ip6tables iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft ebtables arptables", .target = "-t|--table:",
	 .local = 1},
	{"ceph", .target = "-c|--conf: -n|--name: -i|--id: --cluster: -m|--mon-host: -k|--keyring:",
	 .variables = "CEPH_CONF CEPH_ARGS CEPH_KEYRING", .verbs = 1, .local = 1},
	{"nmcli", .target = "", .verbs = 1, .local = 1},
};
/* clang-format on */

enum { TARGET_TOOLS = sizeof target_tools / sizeof *target_tools };

static bool target_table_has(const char *list, const char *word, size_t n)
{
	for (const char *at = list; at && *at; at += strcspn(at, " "), at += strspn(at, " "))
		if (strcspn(at, " ") == n && !strncmp(at, word, n))
			return true;
	return false;
}

const struct target_tool *target_tool(const char *program)
{
	for (size_t i = 0; i < TARGET_TOOLS; i++)
		if (target_table_has(target_tools[i].names, program, strlen(program)))
			return &target_tools[i];
	return NULL;
}

/* The variables of all tools, each once, sorted: every string of an asker's environment is looked up here. */
enum { TARGET_VARIABLES_MAX = 2048 };
static struct target_name {
	const char *s;
	size_t n;
} target_names[TARGET_VARIABLES_MAX];
static size_t target_nnames;
static pthread_once_t target_names_once = PTHREAD_ONCE_INIT;

static int target_table_compare(const void *a, const void *b)
{
	const struct target_name *x = a, *y = b;
	int order = memcmp(x->s, y->s, x->n < y->n ? x->n : y->n);
	return order ? order : (x->n > y->n) - (x->n < y->n);
}

static void target_table_sort(void)
{
	size_t n = 0, kept = 0;
	for (size_t i = 0; i < TARGET_TOOLS; i++)
		for (const char *at = target_tools[i].variables; at && *at && n < TARGET_VARIABLES_MAX;
		     at += strcspn(at, " "), at += strspn(at, " "))
			target_names[n++] = (struct target_name){at, strcspn(at, " ")};
	qsort(target_names, n, sizeof *target_names, target_table_compare);
	for (size_t i = 0; i < n; i++)
		if (!kept || target_table_compare(&target_names[kept - 1], &target_names[i]))
			target_names[kept++] = target_names[i];
	target_nnames = kept;
}

void target_variables(void (*each)(const char *name, size_t len, void *data), void *data)
{
	pthread_once(&target_names_once, target_table_sort);
	for (size_t i = 0; i < target_nnames; i++)
		each(target_names[i].s, target_names[i].n, data);
}

bool target_is_variable(const char *name, size_t len)
{
	const struct target_name key = {name, len};
	pthread_once(&target_names_once, target_table_sort);
	return bsearch(&key, target_names, target_nnames, sizeof *target_names, target_table_compare);
}

bool target_variable_is_secret(const char *name, size_t len)
{
	static const char *const words[] = {"TOKEN", "SECRET",     "PASS",    "PWD",
					    "AUTH",  "ACCESS_KEY", "API_KEY", "ACCOUNT_KEY"};
	if (len == strlen("SSH_AUTH_SOCK") && !strncmp(name, "SSH_AUTH_SOCK", len))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (size_t k = 0, n = strlen(words[i]); k + n <= len; k++)
			if (!strncmp(name + k, words[i], n))
				return true;
	return false;
}
