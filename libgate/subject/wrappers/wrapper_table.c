/* SPDX-License-Identifier: BSD-2-Clause */
/* wrapper_table.c - the programs that start other programs, and how each takes them from its arguments. */
#include <string.h>

#include "base/name.h"
#include "subject/wrappers/wrapper.h"

/* clang-format off */
#define SUDO_VALUED "-C -D -g -h -p -R -r -T -t -U -u --chdir --chroot --close-from --command-timeout --group " \
	"--host --other-user --prompt --role --type --user"
#define DOCKER_GLOBAL "-H -l --config --context --host --log-level --tlscacert --tlscert --tlskey --url --connection "
#define DOCKER_EXEC "-e -u -w --detach-keys --env --env-file --index --user --workdir "
#define DOCKER_RUN DOCKER_EXEC "-a -c -h -m -p -v --add-host --annotation --attach --blkio-weight --cap-add " \
	"--cap-drop --cgroup-parent --cgroupns --cidfile --cpu-period --cpu-quota --cpu-shares --cpus " \
	"--cpuset-cpus --cpuset-mems --device --dns --dns-option --dns-search --domainname --expose --gpus " \
	"--group-add --health-cmd --health-interval --health-retries --health-timeout --hostname --init-path --ip " \
	"--ip6 --ipc --isolation --label --label-file --link --log-driver --log-opt --mac-address --memory " \
	"--memory-reservation --memory-swap --mount --name --net --network --network-alias --oom-score-adj --pid " \
	"--pids-limit --platform --pod --publish --pull --restart --runtime --secret --security-opt --shm-size " \
	"--stop-signal --stop-timeout --storage-opt --sysctl --tmpfs --ulimit --userns --uts --volume " \
	"--volume-driver --volumes-from "
#define COMPOSE_GLOBAL "-f -p --ansi --env-file --file --parallel --profile --progress --project-directory " \
	"--project-name "
#define KUBECTL_VALUED "-c -f -n -s --as --as-group --cluster --container --context --filename --kubeconfig " \
	"--namespace --env --image --labels --overrides --pod-running-timeout --port --profile --request-timeout " \
	"--restart --server --target --token --user"
#define NPM_VALUED "-p -w --cache --package --prefix --registry --userconfig --workspace -C --dir -F --filter"
#define SCREEN_VALUED "-c -e -h -p -s -S -t -T"
#define GIT_VALUED "-C -c --exec-path --git-dir --namespace --work-tree"

/* A row with a subcommand precedes the row of the same program without one. */
static const struct wrapper wrappers[] = {
	/* shells and their own words */
	{"sh bash dash zsh ksh mksh ash rbash $SHELL ${SHELL}", .valued = "-o +o -O +O --init-file --rcfile",
	 .flags = WRAPPER_SHELL | WRAPPER_STDIN},
	{"fish", .text = "-c --command -C --init-command", .valued = "-d -o -f", .flags = WRAPPER_STDIN},
	{"csh tcsh", .valued = "-b", .flags = WRAPPER_SHELL | WRAPPER_STDIN},
	{"nu elvish xonsh", .text = "-c --commands -e --execute", .valued = "-I --config --env-config --plugin-config --log --rc -rc",
	 .flags = WRAPPER_STDIN},
	{"eval", .flags = WRAPPER_JOINED},
	{"trap", .inert = "-l -p -P", .flags = WRAPPER_TEXT},
	{"exec", .valued = "-a"},
	{"command", .inert = "-v -V"},
	{"builtin spawn"},

	/* the same machine, another environment, priority or terminal */
	{"env", .valued = "-u -C -P -a --unset --chdir --argv0", .text = "-S --split-string", .flags = WRAPPER_ASSIGN},
	{"nice", .valued = "-n --adjustment"},
	{"nohup setsid fakeroot fakechroot unbuffer chronic eatmydata torsocks torify tsocks catchsegv firejail arch winpty"},
	{"systemd-inhibit", .valued = "--mode --what --who --why"},
	{"proxychains proxychains4", .valued = "-f"},
	{"faketime", .valued = "-f", .operands = 1},
	{"caffeinate", .valued = "-t -w"},
	{"cgexec", .valued = "-g"},
	{"numactl", .valued = "-C -i -m -N -p --cpunodebind --interleave --membind --physcpubind --preferred"},
	{"proot", .valued = "-b -k -m -q -r -w --bind --cwd --kernel-release --mount --qemu --rootfs"},
	{"runcon", .valued = "-l -r -t -u --range --role --type --user", .operands = 1},
	{"chpst softlimit", .valued = "-/ -b -c -d -e -f -l -L -m -n -o -p -r -s -t -u -U"},
	{"setuidgid s6-setuidgid envuidgid", .operands = 1},
	{"dumb-init tini rlwrap", .valued = "-a -f -H -p -r", .flags = WRAPPER_DASHES},
	{"ssh-agent", .valued = "-a -E -O -P -t", .inert = "-k"},
	{"sg", .text = "-c", .operands = 1, .flags = WRAPPER_TEXT | WRAPPER_MIXED},
	{"dtach abduco", .valued = "-e -E -r -z", .operands = 1},
	{"zellij", "run", .valued = "-d -n --cwd --direction --name", .flags = WRAPPER_DASHES},
	{"hyperfine", .valued = "-c -m -M -n -p -P -r -s -S -w --cleanup --conclude --export-json --export-markdown "
	 "--max-runs --min-runs --parameter-list --prepare --runs --setup --shell --warmup", .flags = WRAPPER_TEXT},
	{"expect", .text = "-c", .operands = 99},
	{"timeout", .valued = "-k -s --kill-after --signal", .operands = 1},
	{"stdbuf", .valued = "-e -i -o --error --input --output"},
	{"time", .valued = "-f -o --format --output"},
	{"ionice", .valued = "-c -n -p -P -u --class --classdata --pgid --pid --uid"},
	{"chrt", .valued = "-D -P -T --sched-deadline --sched-period --sched-runtime", .inert = "-p --pid -m --max",
	 .operands = 1},
	{"taskset", .inert = "-p --pid", .operands = 1},
	{"flock", .valued = "-E -w --conflict-exit-code --timeout --wait", .text = "-c --command", .operands = 1,
	 .flags = WRAPPER_MIXED},
	{"unshare", .flags = WRAPPER_STDIN, .valued = "-G -R -S -w --map-group --map-user --propagation --root "
	 "--setgid --setuid --wd"},
	{"setarch linux32 linux64 i386 x86_64"},
	{"prlimit", .inert = "-p --pid"},
	{"setpriv", .valued = "--ambient-caps --bounding-set --euid --groups --inh-caps --regid --reuid --rgid "
	 "--ruid --securebits --selinux-label --apparmor-profile"},
	{"strace ltrace", .valued = "-a -b -e -E -I -l -n -o -O -p -P -s -S -u -U -X --attach --env --output "
	 "--trace --user"},
	{"gdb", .valued = "-x -ex -ix -iex -cd -d", .inert = "-p --pid"},
	{"valgrind"},
	{"perf", "stat|record|trace", .valued = "-C -D -e -F -G -I -m -o -p -r -t -x --cpu --delay --event "
	 "--output --pid"},
	{"script", .valued = "-B -E -I -m -o -O -T --echo --log-in --log-io --log-out --log-timing "
	 "--logging-format --output-limit", .text = "-c --command", .operands = 1, .flags = WRAPPER_DASHES},
	{"xvfb-run", .valued = "-e -f -n -p -s -w --auth-file --error-file --server-args --server-num"},
	{"dbus-run-session", .valued = "--config-file --dbus-daemon", .flags = WRAPPER_DASHES},
	{"sshpass", .valued = "-d -f -P -p"},

	/* one command for each of many things, or repeatedly */
	{"xargs", .valued = "-a -d -E -I -J -L -n -P -R -S -s --arg-file --delimiter --max-args --max-chars "
	 "--max-procs --process-slot-var", .flags = WRAPPER_XARGS},
	{"find", .text = "-exec -execdir -ok -okdir", .flags = WRAPPER_FIND},
	{"fd fdfind", .text = "-x -X --exec --exec-batch", .flags = WRAPPER_FIND},
	{"parallel", .valued = "-a -C -d -E -I -j -L -N -n -P -S --arg-file --colsep --delay --delimiter --env "
	 "--halt --jobs --joblog --load --max-args --max-procs --memfree --nice --profile --recstart --results "
	 "--retries --sshlogin --sshloginfile --tagstring --tempdir --timeout --tmpdir --wd --workdir",
	 .flags = WRAPPER_JOINED | WRAPPER_PARALLEL},
	{"watch", .valued = "-n -q --equexit --interval", .flags = WRAPPER_JOINED},
	{"entr"},
	{"tar bsdtar gtar", .valued = "-C -f -T -X --directory --exclude --file --files-from",
	 .text = "-F -I --checkpoint-action --info-script --new-volume-script --to-command --use-compress-program",
	 .operands = 99, .flags = WRAPPER_MIXED},
	{"rsync", .text = "-e --rsh --rsync-path", .operands = 99, .flags = WRAPPER_MIXED},
	{"man", .text = "-P --pager", .operands = 99, .flags = WRAPPER_MIXED},
	{"git", "submodule foreach", .valued = GIT_VALUED, .flags = WRAPPER_JOINED},
	{"git", "bisect run", .valued = GIT_VALUED},
	{"git", "rebase", .valued = GIT_VALUED, .text = "-x --exec", .operands = 99, .flags = WRAPPER_MIXED},

	/* the program a language's package manager finds */
	{"npm pnpm", "exec|x|dlx", .valued = NPM_VALUED, .text = "-c --call", .flags = WRAPPER_PACKAGE},
	{"npx bunx pnpx", .valued = NPM_VALUED, .text = "-c --call", .flags = WRAPPER_PACKAGE},
	{"bun", "x", .flags = WRAPPER_PACKAGE},
	{"yarn", "dlx|exec|run", .valued = "-p --cwd --package", .flags = WRAPPER_PACKAGE},
	{"yarn", .valued = "--cwd"},
	{"pnpm", .valued = NPM_VALUED, .inert = "add i install kill link ln rm run test un uninstall unlink"},
	{"uv", "tool run", .valued = "-p --from --python --with", .flags = WRAPPER_PACKAGE},
	{"uv", "run", .valued = "-p --directory --env-file --extra --group --package --project --python --with"},
	{"uvx", .valued = "-p --from --python --with", .flags = WRAPPER_PACKAGE},
	{"pipx", "run", .valued = "--python --spec --pip-args --index-url", .flags = WRAPPER_PACKAGE},
	{"poetry pipenv rye pdm hatch", "run", .valued = "-C -e -p --directory --env --project"},
	{"conda mamba micromamba", "run", .valued = "-n -p --cwd --name --prefix"},
	{"rbenv pyenv nodenv asdf", "exec"},
	{"mise rtx", "exec|x", .valued = "-C --cd", .flags = WRAPPER_DASHES},
	{"direnv", "exec", .operands = 1},
	{"doppler infisical op", "run", .valued = "-c -p --config --env --env-file --project", .flags = WRAPPER_DASHES},
	{"aws-vault chamber", "exec", .valued = "-d -t --backend --duration --mfa-token --region", .operands = 1,
	 .flags = WRAPPER_DASHES},
	{"teller", "run", .flags = WRAPPER_DASHES},
	{"sops", "exec-env", .operands = 1, .flags = WRAPPER_TEXT},
	{"dotenv dotenvx", .valued = "-c -e -f -v", .flags = WRAPPER_DASHES},
	{"devbox", "run", .valued = "-c -e --config --env"},
	{"guix", "shell|environment", .flags = WRAPPER_DASHES},
	{"nix", "develop|shell", .text = "-c --command", .flags = WRAPPER_FIND},
	{"lando ddev", "exec|ssh", .valued = "-c -d -s -u --dir --service --user", .flags = WRAPPER_AWAY | WRAPPER_JOINED},
	{"sail", .flags = WRAPPER_AWAY},
	{"nix-shell", .valued = "-p -A -E -I --packages --attr", .text = "--run --command", .operands = 99,
	 .flags = WRAPPER_MIXED},

	/* within the same process: the applet is the program; bundler loads a Ruby program instead of executing it */
	{"busybox toybox", .inert = "--help --install --list --list-full", .flags = WRAPPER_AWAY | WRAPPER_HERE},
	{"bundle bundler", "exec", .valued = "--gemfile", .flags = WRAPPER_AWAY | WRAPPER_HERE},

	/* the loader started as a program loads another one, which no constructor sees under its own name */
	{"ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 ld-linux.so.2 ld-linux-armhf.so.3 ld-musl-x86_64.so.1 ld-musl-aarch64.so.1 "
	 "ld.so", .valued = "--argv0 --audit --glibc-hwcaps-mask --glibc-hwcaps-prepend --inhibit-rpath --library-path --preload",
	 .inert = "--help --list --list-diagnostics --list-tunables --verify --version", .flags = WRAPPER_AWAY | WRAPPER_HERE},

	/* rm -rf under another name */
	{"rimraf del-cli", .valued = "--impl --max-retries --preserve-root", .flags = WRAPPER_REMOVES},

	/* gained privileges: a setuid program's children drop the library */
	{"sudo", .valued = SUDO_VALUED, .inert = "-e -K -l -V -v --edit --list --remove-timestamp --validate --version",
	 .flags = WRAPPER_AWAY | WRAPPER_HERE | WRAPPER_ASSIGN | WRAPPER_STDIN},
	{"doas", .valued = "-C -u", .inert = "-L", .flags = WRAPPER_AWAY | WRAPPER_HERE | WRAPPER_ASSIGN | WRAPPER_STDIN},
	{"pkexec", .valued = "--user", .flags = WRAPPER_AWAY},
	{"su", .valued = "-g -G -s -T -w --group --shell --supp-group --whitelist-environment",
	 .text = "-c --command --session-command", .operands = 99, .flags = WRAPPER_AWAY | WRAPPER_MIXED | WRAPPER_STDIN},
	{"runuser", .valued = "-g -G -s -T -u -w --group --shell --supp-group --user",
	 .text = "-c --command --session-command", .operands = 99, .flags = WRAPPER_AWAY | WRAPPER_DASHES | WRAPPER_MIXED},
	{"gosu su-exec setuser", .operands = 1, .flags = WRAPPER_AWAY},

	/* another root directory, namespace or manager: the library is missing there, or nothing preloads it */
	{"chroot", .valued = "--groups --userspec", .operands = 1, .flags = WRAPPER_AWAY | WRAPPER_STDIN},
	{"nsenter", .valued = "-G -S -t --setgid --setuid --target", .flags = WRAPPER_AWAY | WRAPPER_STDIN},
	{"systemd-run", .valued = "-E -H -M -p -u --description --gid --host --machine --nice --on-active "
	 "--on-boot --on-calendar --property --service-type --setenv --slice --timer-property --uid --unit "
	 "--working-directory", .flags = WRAPPER_AWAY},
	{"tmux", "new-session|new|new-window|neww|split-window|splitw|respawn-pane|respawn-window|run-shell|run",
	 .valued = "-c -e -f -F -l -L -n -p -s -S -t -x -y", .flags = WRAPPER_AWAY | WRAPPER_JOINED},
	{"systemd-nspawn", .valued = "-D -E -i -M -p -S -u --bind --bind-ro --directory --image --machine --setenv --user",
	 .flags = WRAPPER_AWAY},
	{"screen", "stuff", .valued = SCREEN_VALUED, .flags = WRAPPER_AWAY | WRAPPER_TEXT},
	{"screen", .valued = SCREEN_VALUED, .inert = "-X -ls -list -r -x", .flags = WRAPPER_AWAY},
	{"at batch", .valued = "-q -t", .inert = "-c -d -f -l -r -V", .operands = 99,
	 .flags = WRAPPER_AWAY | WRAPPER_MIXED | WRAPPER_STDIN},
	{"crontab", .valued = "-u", .inert = "-e -l -r", .flags = WRAPPER_AWAY | WRAPPER_STDIN | WRAPPER_CRONTAB},
	{"tmux", "send-keys|send", .valued = "-c -f -L -N -S -t", .flags = WRAPPER_AWAY | WRAPPER_TEXT},
	{"flatpak-spawn", .valued = "--directory --env --unset-env", .flags = WRAPPER_AWAY},

	/* containers */
	{"docker podman nerdctl", "compose exec|run", .valued = DOCKER_GLOBAL COMPOSE_GLOBAL DOCKER_RUN, .operands = 1,
	 .flags = WRAPPER_AWAY | WRAPPER_ENTRYPOINT},
	{"docker-compose podman-compose", "exec|run", .valued = COMPOSE_GLOBAL DOCKER_RUN, .operands = 1,
	 .flags = WRAPPER_AWAY | WRAPPER_ENTRYPOINT},
	{"docker podman nerdctl", "container exec", .valued = DOCKER_GLOBAL DOCKER_EXEC, .operands = 1,
	 .flags = WRAPPER_AWAY},
	{"docker podman nerdctl", "exec", .valued = DOCKER_GLOBAL DOCKER_EXEC, .operands = 1, .flags = WRAPPER_AWAY},
	{"docker podman nerdctl", "container run|create", .valued = DOCKER_GLOBAL DOCKER_RUN, .operands = 1,
	 .flags = WRAPPER_AWAY | WRAPPER_ENTRYPOINT},
	{"docker podman nerdctl", "run|create", .valued = DOCKER_GLOBAL DOCKER_RUN, .operands = 1,
	 .flags = WRAPPER_AWAY | WRAPPER_ENTRYPOINT},
	{"kubectl oc k3s-kubectl microk8s.kubectl", "exec|debug|run|rsh", .valued = KUBECTL_VALUED, .operands = 1,
	 .flags = WRAPPER_AWAY | WRAPPER_DASHES | WRAPPER_MIXED},
	{"lxc incus multipass", "exec", .operands = 1, .valued = "--cwd --env --group --mode --user",
	 .flags = WRAPPER_AWAY | WRAPPER_DASHES | WRAPPER_MIXED},

	/* other machines */
	{"ssh autossh", .valued = "-B -b -c -D -E -e -F -I -i -J -L -l -M -m -O -o -P -p -Q -R -S -W -w",
	 .inert = "-O -Q", .operands = 1, .flags = WRAPPER_AWAY | WRAPPER_JOINED | WRAPPER_MIXED | WRAPPER_STDIN},
	{"mosh", .valued = "-p --client --port --server --ssh", .operands = 1, .flags = WRAPPER_AWAY | WRAPPER_DASHES},
	{"pssh parallel-ssh pdsh clush dsh rsh", .valued = "-e -f -g -h -H -l -m -o -O -p -t -u -w -x -X",
	 .flags = WRAPPER_AWAY | WRAPPER_JOINED},
	{"limactl", "shell", .valued = "--shell --workdir", .operands = 1, .flags = WRAPPER_AWAY},
	{"lima", .flags = WRAPPER_AWAY},
	{"colima", "ssh", .valued = "-p --profile", .flags = WRAPPER_AWAY | WRAPPER_DASHES},
	{"machinectl", "shell", .valued = "-E -M --setenv --uid", .operands = 1, .flags = WRAPPER_AWAY},
	{"nomad", "alloc exec", .valued = "-e -task", .operands = 1, .flags = WRAPPER_AWAY},
	{"gh", "codespace|cs ssh", .valued = "-c -R --codespace --repo", .flags = WRAPPER_AWAY | WRAPPER_DASHES | WRAPPER_JOINED},
	{"wsl wsl.exe", .valued = "-d -u --cd --distribution --user", .inert = "-l -t --list --status --terminate "
	 "--unregister --update --shutdown", .flags = WRAPPER_AWAY},
	{"cmd cmd.exe", .operands = 1, .flags = WRAPPER_AWAY | WRAPPER_JOINED}, /* /c */
	{"pwsh powershell pwsh.exe powershell.exe", .valued = "-ep -ExecutionPolicy -f -File -wd -WorkingDirectory",
	 .text = "-c -C -command -Command", .operands = 99, .flags = WRAPPER_AWAY | WRAPPER_MIXED},
	{"gcloud", "compute ssh", .text = "--command", .operands = 99, .flags = WRAPPER_AWAY | WRAPPER_MIXED},
	{"vagrant", "ssh", .text = "-c --command", .operands = 99, .flags = WRAPPER_AWAY | WRAPPER_MIXED},
	{"fly flyctl", "ssh console", .valued = "-a -c -g -o -r -u --app --config --org --region --user",
	 .text = "-C --command", .operands = 99, .flags = WRAPPER_AWAY | WRAPPER_MIXED},
	{"heroku", "run|run:detached", .valued = "-a -e -r -s --app --env --remote --size --type",
	 .flags = WRAPPER_AWAY | WRAPPER_JOINED},
};
/* clang-format on */

/* Does the subcommand follow, with options between its words skipped?  Then *i is the word after it. */
static bool wrapper_table_has_subcommand(const struct wrapper *w, const char *const *words, size_t n, size_t *i)
{
	const char *const lists[OPTION_LISTS] = {[OPTION_VALUED] = w->valued, [OPTION_TEXT] = w->text};
	for (const char *sub = w->subcommand; sub && *sub;) {
		const char *end = strchrnul(sub, ' ');
		char step[160] = "";
		memcpy(step, sub, (size_t)(end - sub));
		while (*i < n && words[*i][0] == '-' && words[*i][1])
			*i += wrapper_option(words[*i], *i + 1 < n ? words[*i + 1] : NULL, lists).width;
		if (*i >= n || !wrapper_listed(step, words[*i], strlen(words[*i]), '|'))
			return false;
		++*i;
		sub = *end ? end + 1 : end;
	}
	return true;
}

const struct wrapper *wrapper_row(const char *const *words, size_t n, size_t *rest)
{
	const char *program = name_program(words[0]);
	for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++) {
		*rest = 1;
		if (wrapper_listed(wrappers[i].names, program, strlen(program), ' ') &&
		    wrapper_table_has_subcommand(&wrappers[i], words, n, rest))
			return &wrappers[i];
	}
	return NULL;
}

/* clang-format off */
#define AWK .valued = "-F -v -i -l --assign --field-separator --include --load", .code = "-e --source", \
	.file = "-E -f --exec --file", .language = ONELINER_AWK, .operand = true

static const struct interpreter interpreters[] = {
	{"python", .valued = "-W -X --check-hash-based-pycs", .code = "-c", .file = "-m",
	 .language = ONELINER_PYTHON},
	{"pypy", .valued = "-W -X", .code = "-c", .file = "-m",
	 .language = ONELINER_PYTHON},
	{"bun", .valued = "-r --cwd --preload", .code = "-e -p --eval --print", .language = ONELINER_NODE},
	{"lua", .valued = "-l", .code = "-e", .language = ONELINER_LUA},
	{"luajit", .valued = "-j -l -O", .code = "-e", .language = ONELINER_LUA},
	{"Rscript", .code = "-e", .language = ONELINER_R},
	{"R", .code = "-e", .language = ONELINER_R},
	{"nodejs", .valued = "-C -r --conditions --env-file --experimental-loader --import --loader --require",
	 .code = "-pe -e -p --eval --print", .language = ONELINER_NODE},
	{"node", .valued = "-C -r --conditions --env-file --experimental-loader --import --loader --require",
	 .code = "-pe -e -p --eval --print", .language = ONELINER_NODE},
	{"perl", .valued = "-I -M -m", .code = "-e -E", .language = ONELINER_PERL},
	{"ruby", .valued = "-C -E -I -r", .code = "-e", .language = ONELINER_RUBY},
	{"php", .valued = "-c -d -z", .code = "-B -E -r -R", .file = "-f", .language = ONELINER_PHP},
	{"awk", AWK}, {"gawk", AWK}, {"mawk", AWK}, {"nawk", AWK},
	{"sh", .valued = "-o +o -O +O", .code = "-c -s"},
	{"bash", .valued = "-o +o -O +O --init-file --rcfile", .code = "-c -s"},
	{"dash", .valued = "-o +o", .code = "-c -s"},
	{"ksh", .valued = "-o +o", .code = "-c -s"},
	{"zsh", .valued = "-o +o", .code = "-c -s"},
	{"csh", .code = "-c -s"},
	{"tcsh", .code = "-c -s"},
};
/* clang-format on */

const struct interpreter *wrapper_interpreter(const char *program)
{
	for (size_t i = 0; i < sizeof interpreters / sizeof *interpreters; i++) {
		size_t n = strlen(interpreters[i].name);
		if (!strncmp(program, interpreters[i].name, n) && !program[n + strspn(program + n, "0123456789.")])
			return &interpreters[i];
	}
	return NULL;
}

void wrapper_carriers(void (*each)(const char *name, size_t len, bool away, void *data), void *data)
{
	for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
		for (const char *name = wrappers[i].names; (wrappers[i].flags & WRAPPER_AWAY) && *name;) {
			size_t len = strcspn(name, " ");
			each(name, len, true, data);
			name += len + (name[len] == ' ');
		}
	for (size_t i = 0; i < sizeof interpreters / sizeof *interpreters; i++)
		if (!interpreters[i].operand)
			each(interpreters[i].name, strlen(interpreters[i].name), false, data);
}
