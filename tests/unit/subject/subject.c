/* SPDX-License-Identifier: BSD-2-Clause */
/* subject.c - under which names and words an exec is judged: quoting, scripts, and what wrappers start. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "formats/image.h"
#include "image/image_build.h"
#include "subject/shell/shell.h"
#include "subject/subject.h"

enum { WORDS_MAX = 16 };

/* The texts of all subjects, parted by " | ". */
static char *joined(const struct subjects *s)
{
	struct strbuf out = {0};
	for (size_t i = 0; i < s->n; i++)
		strbuf_printf(&out, "%s%s", i ? " | " : "", s->v[i].text);
	char *text = strbuf_take(&out);
	assert_non_null(text);
	return text;
}

static bool gives(const struct gate_event *e, const char *what, const char *expected)
{
	struct subjects s = {0};
	assert_int_equal(subjects_of_exec(e, &s), 0);
	char *got = joined(&s);
	bool same = !strcmp(got, expected);
	if (!same)
		print_error("%s\n  gave     %s\n  expected %s\n", what, got, expected);
	free(got);
	subjects_free(&s);
	return same;
}

static const struct exec_row {
	const char *exe;
	const char *argv[WORDS_MAX];
	const char *subjects;
} execs[] = {
	/* names */
	{"/usr/bin/git", {"git", "push", "-f"}, "git push -f"},
	{"/usr/bin/git", {"/usr/bin/git", "push"}, "git push"},
	{"/usr/bin/git", {"innocent", "push"}, "git push | innocent push"},
	{"/bin/bash", {"-bash"}, "bash"},
	{"/bin/bash", {"-"}, "bash | -"},
	{"/usr/bin/git", {NULL}, "git"},
	{"/usr/bin/git", {""}, "git | ''"},
	{NULL, {"git", "push"}, "git push"},
	{NULL, {NULL}, "''"},
	{"/", {"x"}, "/ | x"},
	/* words are quoted and made visible */
	{NULL,
	 {"psql", "-c", "drop table x", "it's", "", "a\"b", "a\\b", "$x;y"},
	 "psql -c 'drop table x' 'it'\\''s' '' 'a\"b' a\\b $x;y"},
	{NULL,
	 {"psql", "drop\n\ttable", "\x1b[2J", "\xff",
	  "a\xe2\x80\xae"
	  "b"},
	 "psql 'drop\\n\\ttable' \\e[2J \\xFF a\\u{202E}b"},
	/* scripts under their own names */
	{"/usr/bin/aws", {"/usr/bin/python3", "/usr/bin/aws", "s3", "rb"}, "aws s3 rb | python3 /usr/bin/aws s3 rb"},
	{"/x/deploy.sh",
	 {"/bin/sh", "-e", "/x/deploy.sh", "prod"},
	 "deploy.sh prod | sh -e /x/deploy.sh prod | deploy prod"},
	{NULL,
	 {"python3.11", "-W", "error", "-u", "manage.py", "flush"},
	 "python3.11 -W error -u manage.py flush | manage.py flush | manage flush"},
	{NULL, {"python3", "-m", "pip", "uninstall", "x"}, "python3 -m pip uninstall x | pip uninstall x"},
	{NULL, {"python3", "-Im", "pip", "list"}, "python3 -Im pip list | pip list"},
	{NULL, {"python3", "-mpip", "list"}, "python3 -mpip list | pip list"},
	{NULL, {"python3", "-c", "import x", "git", "push"}, "python3 -c 'import x' git push"},
	{NULL, {"python3", "-", "x"}, "python3 - x"},
	{NULL, {"python3"}, "python3"},
	{NULL, {"python3", "-m"}, "python3 -m"},
	{NULL, {"python3", "--", "a.py"}, "python3 -- a.py | a.py | a"},
	{NULL,
	 {"node", "--require", "x", "--inspect=1", "/p/.bin/prisma", "migrate", "reset"},
	 "node --require x --inspect=1 /p/.bin/prisma migrate reset | prisma migrate reset"},
	{NULL, {"node", "-e", "1", "rm"}, "node -e 1 rm"},
	{NULL, {"perl", "-I", "lib", "-w", "/usr/bin/ack", "x"}, "perl -I lib -w /usr/bin/ack x | ack x"},
	{NULL, {"perl", "-ne", "print", "rm"}, "perl -ne print rm"},
	{NULL, {"ruby", "-Ilib", "bin/rails", "db:drop"}, "ruby -Ilib bin/rails db:drop | rails db:drop"},
	{NULL, {"php8.2", "artisan", "migrate:fresh"}, "php8.2 artisan migrate:fresh | artisan migrate:fresh"},
	{NULL, {"php", "-f", "wp.php", "db", "drop"}, "php -f wp.php db drop | wp.php db drop | wp db drop"},
	{NULL, {"php", "wp.phar", "x"}, "php wp.phar x | wp.phar x | wp x"},
	{NULL, {"python3", "a.b.pyz", "x"}, "python3 a.b.pyz x | a.b.pyz x | a.b x"},
	{NULL, {"zsh", ".hidden.zsh"}, "zsh .hidden.zsh | .hidden.zsh | .hidden"},
	{NULL, {"node", "a.txt", "x"}, "node a.txt x | a.txt x"},
	{NULL, {"python-config", "x"}, "python-config x"},
};

static size_t count(const char *const *argv)
{
	size_t n = 0;
	while (n < WORDS_MAX && argv[n])
		n++;
	return n;
}

static void executed_names(void **state)
{
	int wrong = 0;
	for (size_t i = 0; i < sizeof execs / sizeof *execs; i++) {
		struct gate_event e = {.struct_size = sizeof(struct gate_event),
				       .exe = execs[i].exe,
				       .argv = execs[i].argv,
				       .argc = count(execs[i].argv)};
		wrong += !gives(&e, execs[i].subjects, execs[i].subjects);
	}
	assert_int_equal(wrong, 0);
}

/* Without a process: everything is peeled.  The subject of the line itself is left out of the second column when it is
 * one command, for it is the line. */
static const struct text_row {
	const char *text, *subjects;
} texts[] = {
	{"cd x && git push -f", "cd x | git push -f"},
	{"git a; git a", "git a"},
	{"sh -c 'git push -f; ls'", "sh -c 'git push -f; ls' | git push -f | ls"},
	{"bash --norc -o pipefail -lc 'rm x' name rm", "bash --norc -o pipefail -lc 'rm x' name rm | rm x"},
	{"sh -c", "sh -c"},
	{"sudo python3 -Ic 'os.system(\"git push -f\")'",
	 "sudo python3 -Ic 'os.system(\"git push -f\")' | "
	 "python3 -Ic 'os.system(\"git push -f\")' | git push -f"},
	{"node -pe 'execSync(`a b`)'", "node -pe 'execSync(`a b`)' | a b"},
	{"busybox awk -F: '{ system(\"a b\") }' f",
	 "busybox awk -F: '{ system(\"a b\") }' f | "
	 "awk -F: '{ system(\"a b\") }' f | a b"},
	{"awk -f prog.awk 'system(\"a\")'", "awk -f prog.awk 'system(\"a\")'"},
	{"zsh -c 'bash -c \"rm x\"'", "zsh -c 'bash -c \"rm x\"' | bash -c 'rm x' | rm x"},
	{"bash -x a.sh b", "bash -x a.sh b | a.sh b | a b"},
	{"eval 'rm x' ';' ls", "eval 'rm x' ; ls | rm x | ls"},
	{"exec -a name rm x", "exec -a name rm x | rm x"},
	{"command -p rm x; command -v rm", "command -p rm x | rm x | command -v rm"},
	{"builtin exec rm x", "builtin exec rm x | exec rm x | rm x"},
	{"trap 'rm x' EXIT; trap -p EXIT", "trap 'rm x' EXIT | rm x | trap -p EXIT"},
	{"fish -c 'rm x'", "fish -c 'rm x' | rm x"},
	{"sudo -u root -E A=1 rm x", "sudo -u root -E A=1 rm x | rm x"},
	{"sudo --user=root -- rm -rf x", "sudo --user=root -- rm -rf x | rm -rf x"},
	{"sudo -nu root rm x", "sudo -nu root rm x | rm x"},
	{"sudo -l rm", "sudo -l rm"},
	{"sudo -i", "sudo -i"},
	{"doas -u www rm x", "doas -u www rm x | rm x"},
	{"su -c 'rm x' www", "su -c 'rm x' www | rm x"},
	{"su - www -c 'rm x'", "su - www -c 'rm x' | rm x"},
	{"su www", "su www"},
	{"runuser -u www -- rm x", "runuser -u www -- rm x | rm x"},
	{"runuser - www -c 'rm x'", "runuser - www -c 'rm x' | rm x"},
	{"pkexec rm x", "pkexec rm x | rm x"},
	{"env -i - A=1 -u B rm x", "env -i - A=1 -u B rm x | rm x"},
	{"env -u X A=1 B=2 git push", "env -u X A=1 B=2 git push | git push"},
	{"env -S 'rm x'", "env -S 'rm x' | rm x"},
	{"env", "env"},
	{"nice -n 5 ionice -c2 -n7 rm x", "nice -n 5 ionice -c2 -n7 rm x | ionice -c2 -n7 rm x | rm x"},
	{"nohup rm x &", "nohup rm x | rm x"},
	{"timeout -k 5 --signal=KILL 10 rm x", "timeout -k 5 --signal=KILL 10 rm x | rm x"},
	{"timeout 10 env rm -rf /", "timeout 10 env rm -rf / | env rm -rf / | rm -rf /"},
	{"stdbuf -oL -e 0 rm x", "stdbuf -oL -e 0 rm x | rm x"},
	{"setsid -w rm x", "setsid -w rm x | rm x"},
	{"/usr/bin/time -f %e rm x", "time -f %e rm x | rm x"},
	{"chrt -f 1 taskset -c 0 rm x", "chrt -f 1 taskset -c 0 rm x | taskset -c 0 rm x | rm x"},
	{"flock -n /l rm x", "flock -n /l rm x | rm x"},
	{"flock /l -c 'rm x'", "flock /l -c 'rm x' | rm x"},
	{"strace -f -e trace=file -o log rm x", "strace -f -e trace=file -o log rm x | rm x"},
	{"script -qc 'rm x' log", "script -qc 'rm x' log | rm x"},
	{"unshare -r --root / rm x", "unshare -r --root / rm x | rm x"},
	{"xargs -0 -n 1 -I{} rm -rf {}", "xargs -0 -n 1 -I{} rm -rf {} | rm -rf {}"},
	{"ls | xargs -P4 sh -c 'rm $1'", "ls | xargs -P4 sh -c 'rm $1' | sh -c 'rm $1' | rm $1"},
	{"find . -name x -exec rm -f {} \\; -exec ls {} +",
	 "find . -name x -exec rm -f {} ; -exec ls {} + | rm "
	 "-f {} | ls {}"},
	{"find . -ok rm", "find . -ok rm | rm"},
	{"find . -delete", "find . -delete"},
	{"fd x -x rm -rf", "fd x -x rm -rf | rm -rf"},
	{"parallel sh -c 'rm {}' ::: a", "parallel sh -c 'rm {}' ::: a | sh -c 'rm a' | rm a | sh -c rm a | rm"},
	{"parallel -j 4 'rm {}' ::: a b", "parallel -j 4 'rm {}' ::: a b | rm a | rm b"},
	{"parallel rm {2}.{1} ::: a b ::: c", "parallel rm {2}.{1} ::: a b ::: c | rm c.a | rm c.b"},
	{"parallel rm ::: \"a'b c\"", "parallel rm ::: 'a'\\''b c' | rm 'a'\\''b c'"},
	{"printf 'rm a\\nls\\n' | parallel", "printf 'rm a\\nls\\n' | parallel | rm a | ls"},
	{"parallel rm :::", "parallel rm :::"},
	/* what xargs reads, where the text tells */
	{"echo / \"'a b'\" c\\\\d | xargs rm -rf", "echo / ''\\''a b'\\''' c\\d | xargs rm -rf | rm -rf / 'a b' cd"},
	{"printf '%s\\n' a 'b c' | xargs -I@ rm x@y", "printf %s\\n a 'b c' | xargs -I@ rm x@y | rm xay | rm 'xb cy'"},
	{"printf 'a,b' | sudo xargs -d, rm", "printf a,b | sudo xargs -d, rm | xargs -d, rm | rm a b"},
	{"xargs -0 rm <<< 'a b'", "xargs -0 rm | rm 'a b'"},
	{"echo -ne 'a\\tb' | xargs rm", "echo -ne a\\tb | xargs rm | rm a b"},
	{"xargs rm <<EOF\na\nb\nEOF", "xargs rm | rm | rm a b"},
	{"find / /x -print0 | xargs -0 rm", "find / /x -print0 | xargs -0 rm | rm / /x"},
	{"find . -name x | xargs rm", "find . -name x | xargs rm | rm"},
	{"echo a | xargs -a list rm", "echo a | xargs -a list rm | rm"},
	{"echo a | sort | xargs rm", "echo a | sort | xargs rm | rm"},
	/* shells that read a pipe */
	{"echo 'rm x; ls' | sh", "echo 'rm x; ls' | sh | rm x | ls"},
	{"cat <<EOF | tee f | sudo sh -\nrm x\nEOF\nls", "cat | tee f | sudo sh - | sh - | rm x | ls"},
	{"cat <<EOF | grep a | sh\nrm x\nEOF", "cat | grep a | sh | grep a | sh"},
	{"echo rm x || sh; echo rm x; sh", "echo rm x | sh"},
	{"(echo rm x) | sh", "echo rm x | sh | rm x"},
	{"{ cd d; echo rm x; } | sh", "cd d | echo rm x | sh | rm x"},
	{"if a; then echo rm x; fi | sh", "a | echo rm x | sh | a | sh | rm x"},
	{"(echo rm x; a) | sh", "echo rm x | a | sh | a | sh | rm x"},
	{"(echo rm x > f; a) | sh", "> f | echo rm x | a | sh | a | sh"},
	{"{ echo rm x; } > f; a | sh", "echo rm x | > f | a | sh | a | sh"},
	{"echo rm x | { cat; } | sh", "echo rm x | cat | sh | rm x"},
	{"(echo rm x | tee f) | sh", "echo rm x | tee f | sh | rm x"},
	{"(echo a; echo b) | xargs rm", "echo a | echo b | xargs rm | rm a b"},
	{"base64 -d <<< cm0geA== | sh", "base64 -d | sh | rm x"},
	{"echo cm0g eA== | base64 --decode | tee f | sh", "echo cm0g eA== | base64 --decode | tee f | sh | rm x"},
	{"echo cm0geA== | openssl base64 -d | sh", "echo cm0geA== | openssl base64 -d | sh | rm x"},
	{"base64 -d f | sh", "base64 -d f | sh | base64 -d f | sh"},
	{"bash < <(echo rm x)", "echo rm x | bash | rm x"},
	{"bash -c \"$(echo rm x)\"; eval $(printf ls)", "echo rm x | bash -c 'rm x' | rm x | printf ls | eval ls | ls"},
	{"rm $(echo a b) $(echo '$V') $(a)", "echo a b | echo $V | a | rm '$(echo a b)' '$(echo '\\''$V'\\'')' $(a)"},
	{"parallel ::: 'rm a' ls", "parallel ::: 'rm a' ls | rm a | ls"},
	{"watch -n 1 'rm x; ls'", "watch -n 1 'rm x; ls' | rm x | ls"},
	{"watch sh -c 'rm x'; watch echo 'rm x'",
	 "watch sh -c 'rm x' | sh -c rm x | rm | sh -c 'rm x' | rm x | watch echo 'rm x' | echo rm x"},
	{"ssh h sudo bash -lc 'rm x'",
	 "ssh h sudo bash -lc 'rm x' | sudo bash -lc rm x | bash -lc rm x | rm | "
	 "sudo bash -lc 'rm x' | bash -lc 'rm x' | rm x"},
	{"git -C x submodule foreach --recursive 'rm x'", "git -C x submodule foreach --recursive 'rm x' | rm x"},
	{"git bisect run rm x", "git bisect run rm x | rm x"},
	{"git rebase main --exec 'rm x'", "git rebase main --exec 'rm x' | rm x"},
	{"busybox rm x", "busybox rm x | rm x"},
	{"toybox --help rm", "toybox --help rm"},
	{"chroot --userspec a:b /mnt rm x", "chroot --userspec a:b /mnt rm x | rm x"},
	{"nsenter -t 1 -m -- rm x", "nsenter -t 1 -m -- rm x | rm x"},
	{"systemd-run --user -p A=b rm x", "systemd-run --user -p A=b rm x | rm x"},
	{"tmux new-session -d -s n 'rm x'", "tmux new-session -d -s n 'rm x' | rm x"},
	{"tmux send-keys -t n 'rm x' Enter", "tmux send-keys -t n 'rm x' Enter | rm x"},
	{"ssh -p 22 me@host 'cd x; rm y'", "ssh -p 22 me@host 'cd x; rm y' | cd x | rm y"},
	{"ssh host -t rm x", "ssh host -t rm x | rm x"},
	{"ssh host", "ssh host"},
	{"docker exec -it -e A=1 c rm x", "docker exec -it -e A=1 c rm x | rm x"},
	{"docker --context p run --rm -v /:/m img rm -rf /m",
	 "docker --context p run --rm -v /:/m img rm -rf /m "
	 "| rm -rf /m"},
	{"docker run --entrypoint rm img -rf /m", "docker run --entrypoint rm img -rf /m | rm -rf /m"},
	{"docker run img", "docker run img"},
	{"docker compose -f a.yml exec -T db psql -c 'drop table x'",
	 "docker compose -f a.yml exec -T db psql -c 'drop table x' | psql -c 'drop table x'"},
	{"docker-compose run --rm app rails db:drop", "docker-compose run --rm app rails db:drop | rails db:drop"},
	{"podman container exec c rm x", "podman container exec c rm x | rm x"},
	{"docker rm exec", "docker rm exec"},
	{"kubectl -n p exec -it pod -c app -- sh -c 'rm x'",
	 "kubectl -n p exec -it pod -c app -- sh -c 'rm x' | sh -c 'rm x' | rm x"},
	{"kubectl exec pod rm x", "kubectl exec pod rm x | rm x"},
	{"kubectl delete pod exec", "kubectl delete pod exec"},
	{"npx -y prisma@5 migrate reset", "npx -y prisma@5 migrate reset | prisma migrate reset"},
	{"npx @scope/tool drop", "npx @scope/tool drop | tool drop"},
	{"npm exec -- prisma db push", "npm exec -- prisma db push | prisma db push"},
	{"npm install x", "npm install x"},
	{"pnpm dlx prisma reset", "pnpm dlx prisma reset | prisma reset"},
	{"yarn prisma reset", "yarn prisma reset | prisma reset"},
	{"bunx prisma reset", "bunx prisma reset | prisma reset"},
	{"bundle exec rails db:drop", "bundle exec rails db:drop | rails db:drop"},
	{"poetry run python manage.py flush",
	 "poetry run python manage.py flush | python manage.py flush | manage.py flush | manage flush"},
	{"uv run --with x alembic downgrade base", "uv run --with x alembic downgrade base | alembic downgrade base"},
	{"pipenv run a; rye run b", "pipenv run a | a | rye run b | b"},
	{"heroku run -a app rails db:drop", "heroku run -a app rails db:drop | rails db:drop"},
	{"env -S 'A=1 rm' x", "env -S 'A=1 rm' x | rm x"},
	{"env -S 'A=1' rm x", "env -S A=1 rm x | rm x"},
	{"$SHELL -c 'rm x'", "$SHELL -c 'rm x' | rm x"},
	/* shells that read commands from their standard input */
	{"bash <<< 'rm x; ls'", "bash | rm x | ls"},
	{"bash -s a <<'EOF'\nrm $1\nEOF\nls", "bash -s a | rm $1 | ls"},
	{"ssh h <<EOF | cat\nrm $(a)\nEOF\nls", "ssh h | cat | a | rm $(a) | ls"},
	{"sudo docker exec -i c sh -x <<EOF\nrm x\nEOF",
	 "sudo docker exec -i c sh -x | docker exec -i c sh -x | "
	 "sh -x | rm x"},
	{"bash -c 'cat' <<< 'rm x'", "bash -c cat | cat"},
	{"bash a.sh <<< 'rm x'", "bash a.sh | a.sh | a"},
	{"cat <<< 'rm x' $(bash <<< ls)", "bash | ls | cat '$(bash <<< ls)'"},
	{"gosu u rm x; su-exec u rm y", "gosu u rm x | rm x | su-exec u rm y | rm y"},
	{"setuser u rm x; flatpak-spawn --host rm y", "setuser u rm x | rm x | flatpak-spawn --host rm y | rm y"},
	{"autossh -M 0 h rm x", "autossh -M 0 h rm x | rm x"},
	{"nerdctl exec c rm x", "nerdctl exec c rm x | rm x"},
	{"podman-compose exec c rm x", "podman-compose exec c rm x | rm x"},
	{"oc rsh p rm x; k3s-kubectl exec p -- rm y", "oc rsh p rm x | rm x | k3s-kubectl exec p -- rm y | rm y"},
	{"microk8s.kubectl exec p -- rm x", "microk8s.kubectl exec p -- rm x | rm x"},
	{"lxc exec c -- rm x; incus exec c rm y", "lxc exec c -- rm x | rm x | incus exec c rm y | rm y"},
	{"multipass exec c -- rm x", "multipass exec c -- rm x | rm x"},
	{"gcloud compute ssh vm --zone z --command 'rm x'", "gcloud compute ssh vm --zone z --command 'rm x' | rm x"},
	{"vagrant ssh web -c 'rm x'", "vagrant ssh web -c 'rm x' | rm x"},
	{"fly ssh console -a app -C 'rm x'", "fly ssh console -a app -C 'rm x' | rm x"},
	{"flyctl ssh console -C 'rm x'", "flyctl ssh console -C 'rm x' | rm x"},
	{"/lib64/ld-linux-x86-64.so.2 --library-path /opt/lib --argv0 x ./git push -f",
	 "ld-linux-x86-64.so.2 --library-path /opt/lib --argv0 x ./git push -f | git push -f"},
	{"ld-musl-x86_64.so.1 --list ./git push", "ld-musl-x86_64.so.1 --list ./git push"},
	{"bundler exec rm x; toybox rm y", "bundler exec rm x | rm x | toybox rm y | rm y"},
	{"echo sudo rm x; head git clean -f", "echo sudo rm x | head git clean -f"},
	/* variables that the text itself gives a value */
	{"D=/srv; rm $D \"$D/a\" ${D}b '$D'", "rm /srv /srv/a /srvb $D"},
	{"W='rm -r x'; $W; \"$W\"", "rm -r x | 'rm -r x'"},
	{"W='rm -r x'; \"$W\"", "'rm -r x' | rm -r x"},
	{"'/a b/c' -d; '/a b'; 'a b' c", "c -d | 'a b' | 'a b' c"},
	{"W='rm x'; bash -c \"$W\"; echo \"$W\" | sh", "bash -c 'rm x' | rm x | echo 'rm x' | sh"},
	{"W='rm x'; sh <<EOF\n$W\nEOF", "sh | rm x"},
	{"W=a; W+=b; export W=${W}c; rm $W; unset W; rm $W", "export W=abc | rm abc | unset W | rm $W"},
	{"W=a; for W in b c; do rm $W; done; V=(a b); rm $V; read V; rm $V", "rm $W | rm $V | read V"},
	{"W=/ rm $W; rm $W", "env W=/ rm $W | rm $W"},
	{"W=/ sh -c 'rm $W'; rm $W", "env W=/ sh -c 'rm $W' | sh -c 'rm $W' | rm / | rm $W"},
	{"W=$(rm a); rm $W", "rm a | rm '$(rm a)'"},
	{"bash -c 'rm \"$1\" $0 ${2}' n /a b", "bash -c 'rm \"$1\" $0 ${2}' n /a b | rm /a n b"},
	{"sh -c '\"$@\"; rm $1' n rm x; rm $1", "sh -c '\"$@\"; rm $1' n rm x | rm x | rm rm | rm $1"},
	/* what is started later, or by a setting */
	{"echo 'rm x' | at now + 1 hour; batch <<< 'rm y'; at -l",
	 "echo 'rm x' | at now + 1 hour | rm x | batch | rm y | at -l"},
	{"crontab - <<E\n# a\n0 0 * * * rm x\n@daily rm y\nE\ncrontab -l", "crontab - | rm x | rm y | crontab -l"},
	{"screen -dmS s rm x; screen -S s -X stuff 'rm y'; screen -ls",
	 "screen -dmS s rm x | rm x | screen -S s -X stuff 'rm y' | "
	 "rm y | screen -ls"},
	{"git -c core.pager='rm x' -c alias.a='!rm y' -calias.b=log log",
	 "git -c 'core.pager=rm x' -c 'alias.a=!rm y' -calias.b=log log | rm x | rm y"},
	{"GIT_SSH_COMMAND='rm x' git fetch", "env 'GIT_SSH_COMMAND=rm x' git fetch | rm x | git fetch"},
	{"ssh -o ProxyCommand='rm x' h", "ssh -o 'ProxyCommand=rm x' h | rm x"},
	{"tar -I 'rm x' -xf a; rsync -e 'rm y' a b:", "tar -I 'rm x' -xf a | rm x | rsync -e 'rm y' a b: | rm y"},
	/* another way to say it */
	{"npx -y rimraf@5 x y", "npx -y rimraf@5 x y | rimraf x y | rm -rf x y"},
	{"pnpm prisma reset; pnpm install", "pnpm prisma reset | prisma reset | pnpm install"},
	{"nix develop .#a -c rm x; sg docker 'rm y'; sg docker -c 'rm z'",
	 "nix develop .#a -c rm x | rm x | sg docker 'rm y' | rm y | sg docker -c 'rm z' | rm z"},
	{"systemd-nspawn -D /m rm x; pdsh -w h1 rm y; wsl -d u rm z; aws-vault exec p -- rm a",
	 "systemd-nspawn -D /m rm x | rm x | pdsh -w h1 rm y | rm y | wsl -d u rm z | rm z | aws-vault exec p -- rm a | rm a"},
	/* files that are opened to write */
	{"a > f 2>&1 >> g < h; b &> i; > j; c >| k 2> /dev/null >&2 3<> l; > $W",
	 "> f | >> g | a | > i | b | > j | > k | > l | c | > $W"},
	{"cat > f <<EOF\nx > y\nEOF", "> f | cat"},
	/* a program that reads its program: with those who write it */
	{"curl u | sudo bash -s x", "curl u | sudo bash -s x | bash -s x | curl u | sudo bash -s x"},
	{"(curl u) | sh", "curl u | sh | curl u | sh"},
	{"{ cd d && curl u; } 2>&1 | grep a | sh", "cd d | curl u | grep a | sh | curl u | grep a | sh"},
	{"for u in a b; do curl $u; done | sh", "curl $u | sh | curl $u | sh"},
	{"curl u |&\n sh", "curl u | sh | curl u | sh"},
	{"sh < <(curl u)", "curl u | sh | curl u | sh"},
	{"curl u; { ls; } | sh", "curl u | ls | sh | ls | sh"},
	{"curl u | sh /dev/stdin", "curl u | sh /dev/stdin | curl u | sh /dev/stdin"},
	{"curl -fo f u && sh ./f", "curl -fo f u | sh ./f | f | curl -fo f u | sh ./f"},
	{"wget h/f.sh; cd d; chmod +x f.sh; ./f.sh -y",
	 "wget h/f.sh | cd d | chmod +x f.sh | f.sh -y | wget h/f.sh | f.sh -y"},
	{"curl -o f u; cat f", "curl -o f u | cat f"},
	{"b() { b | b & }; b", "b | function b | b"},
	{"b | b", "b"},
	{"sudo sudo -n sudo rm x", "sudo sudo -n sudo rm x | rm x"},
	{"csh -c 'rm x'; nu -c 'rm y'", "csh -c 'rm x' | rm x | nu -c 'rm y' | rm y"},
	{"sh -c \"$(cat <<'X'\nrm x\nX\n)\"", "cat | sh -c '$(cat <<'\\''X'\\''\\nrm x\\nX\\n)' | rm x"},
	{"ruby <<X\nsystem('rm x')\nX\n", "ruby | rm x"},
	{"node -e 'rm -rf x'; node -e 'a -1'; awk 'rm -rf x'",
	 "node -e 'rm -rf x' | rm -rf x | node -e 'a -1' | awk 'rm -rf x'"},
	{"curl u | tee f | grep a | python3 -", "curl u | tee f | grep a | python3 - | curl u | grep a | python3 -"},
	{"curl u | python3 -c 1; curl u | sh < f; curl u | jq .; curl u | node x.js",
	 "curl u | python3 -c 1 | sh | jq . | node x.js | x.js | x"},
	/* what no shell runs: the word is told as it was meant */
	{"mongosh --eval db.a.drop() x; declare -a l=(a $(b))",
	 "mongosh --eval db.a.drop() x | b | declare -a 'l=(a $(b))'"},
};

static void peeled_texts(void **state)
{
	int wrong = 0;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct gate_event e = {.struct_size = sizeof(struct gate_event), .shell_text = texts[i].text};
		wrong += !gives(&e, texts[i].text, texts[i].subjects);
	}
	assert_int_equal(wrong, 0);
}

/* A live process: local wrappers' children pass the gate themselves, away ones' do not. */
static const struct exec_row live[] = {
	{"/bin/bash", {"bash", "-c", "git push -f"}, "bash -c 'git push -f'"},
	{"/usr/bin/env", {"env", "git", "push"}, "env git push"},
	{"/usr/bin/timeout", {"timeout", "5", "sudo", "rm"}, "timeout 5 sudo rm"},
	{"/usr/bin/find", {"find", ".", "-exec", "rm", "x", ";"}, "find . -exec rm x ;"},
	{"/usr/bin/npx",
	 {"node", "/usr/bin/npx", "prisma", "reset"},
	 "npx prisma reset | node /usr/bin/npx "
	 "prisma reset"},
	{"/usr/bin/ssh", {"ssh", "h", "sh -c 'rm x'"}, "ssh h 'sh -c '\\''rm x'\\''' | sh -c 'rm x' | rm x"},
	{"/usr/bin/sudo",
	 {"sudo", "sh", "-c", "env rm x"},
	 "sudo sh -c 'env rm x' | sh -c 'env rm x' | env rm x "
	 "| rm x"},
	{"/bin/busybox", {"busybox", "rm", "x"}, "busybox rm x | rm x"},
	/* #!/usr/bin/env: the script is judged once, with its interpreter */
	{"/p/prisma", {"/usr/bin/env", "/p/prisma", "reset"}, "prisma reset | env /p/prisma reset"},
	{"/p/prisma", {"/usr/bin/env", "node", "/p/prisma", "reset"}, "env node /p/prisma reset"},
	{"/usr/bin/node", {"node", "/p/prisma", "reset"}, "node /p/prisma reset | prisma reset"},
	{"/p/tool", {"/usr/bin/env", "tclsh", "/p/tool", "reset"}, "tool reset | env tclsh /p/tool reset"},
};

static void live_processes(void **state)
{
	int wrong = 0;
	for (size_t i = 0; i < sizeof live / sizeof *live; i++) {
		struct gate_event e = {.struct_size = sizeof(struct gate_event),
				       .pid = 7,
				       .exe = live[i].exe,
				       .argv = live[i].argv,
				       .argc = count(live[i].argv)};
		wrong += !gives(&e, live[i].subjects, live[i].subjects);
	}
	assert_int_equal(wrong, 0);
}

/* Would the interposer ask about this exec, if there were a rule for `program` and another for a program nobody has? */
static bool prefilter_asks(const struct gate_event *e, const char *program)
{
	char name[] = "/tmp/gate-image.XXXXXX";
	char *names[] = {(char *)program, NULL}, *others[] = {(char *)"nobody-has-this", NULL};
	struct rule rules[] = {{.programs = others}, {.programs = names}}, *list[] = {&rules[0], &rules[1]};
	struct ruleset rs = {.rules = list, .n = 2};
	static uint64_t image[4096];
	int fd = mkstemp(name);
	assert_true(fd >= 0);
	assert_int_equal(unlink(name), 0);
	rules[0].events = rules[1].events = 1u << GATE_EVENT_EXEC;
	assert_int_equal(image_build(&rs, "/gate-standin", 0, NULL, NULL, fd), 0);
	ssize_t n = pread(fd, image, sizeof image, 0);
	assert_true(n > 0 && (size_t)n < sizeof image);
	assert_int_equal(close(fd), 0);
	assert_int_equal(gate_image_check(image, (size_t)n), 0);
	const char *argv[64];
	assert_true(e->argc < 64);
	memcpy(argv, e->argv, e->argc * sizeof *argv);
	argv[e->argc] = NULL;
	return gate_image_may_concern((const struct gate_image_head *)image, e->exe, argv) &&
	       gate_image_concerns(image, e->exe, argv);
}

/* Every subject of this live exec under its program's name: would it be asked about? */
static int missed_by_prefilter(const struct gate_event *e)
{
	struct subjects s = {0};
	int missed = 0;
	assert_int_equal(subjects_of_exec(e, &s), 0);
	for (size_t i = 0; i < s.n; i++) {
		bool nothing = strlen(s.v[i].program) < 2; /* "-" and "/" are what is left of no name at all */
		if (nothing || prefilter_asks(e, s.v[i].program))
			continue;
		print_error("the prefilter lets `%s` of `%s` by\n", s.v[i].text, s.v[0].text);
		missed++;
	}
	subjects_free(&s);
	return missed;
}

static int missed_of_command(const struct shell_command *command, void *data)
{
	struct gate_event e = {.struct_size = sizeof(struct gate_event),
			       .pid = 7,
			       .exe = command->words[0],
			       .argv = command->words,
			       .argc = command->n};
	*(int *)data += missed_by_prefilter(&e);
	return 0;
}

/* The prefilter and the engine must mean the same programs: an exec that it lets by is never judged. */
static void the_prefilter_lets_no_subject_by(void **state)
{
	int missed = 0;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_int_equal(shell_commands(texts[i].text, strlen(texts[i].text), NULL, missed_of_command, &missed),
				 0);
	for (size_t i = 0; i < sizeof execs / sizeof *execs; i++) {
		const struct exec_row *row = &execs[i];
		struct gate_event e = {.struct_size = sizeof(struct gate_event),
				       .pid = 7,
				       .exe = row->exe,
				       .argv = row->argv,
				       .argc = count(row->argv)};
		missed += missed_by_prefilter(&e);
	}
	assert_int_equal(missed, 0);
}

static void white_space_is_plain_to_patterns(void **state)
{
	const char *const argv[] = {"psql", "-c", "drop\n\ttable \x1b"};
	struct subjects s = {0};
	assert_int_equal(subjects_add(&s, argv, 3, false), 0);
	assert_string_equal(s.v[0].program, "psql");
	assert_string_equal(s.v[0].text, "psql -c 'drop\\n\\ttable \\e'");
	assert_string_equal(s.v[0].plain, "psql -c 'drop  table \\e'");
	assert_int_equal(subjects_add(&s, argv, 2, false), 0);
	assert_null(s.v[1].plain);
	subjects_free(&s);
}

static int result_of(const char *text)
{
	struct gate_event e = {.struct_size = sizeof(struct gate_event), .shell_text = text};
	struct subjects s = {0};
	int r = subjects_of_exec(&e, &s);
	subjects_free(&s);
	return r;
}

static void too_much_is_refused(void **state)
{
	cleanup_strbuf struct strbuf deep = {0}, many = {0}, fit = {0};
	for (int i = 0; i < 40; i++)
		strbuf_puts(&deep, i % 2 ? "sudo " : "nice ");
	for (int i = 0; i < SUBJECTS_MAX + 1; i++)
		strbuf_printf(i < SUBJECTS_MAX ? &fit : &many, "rm %d;", i);
	strbuf_puts(&many, fit.s);
	assert_int_equal(result_of(deep.s), -E2BIG);
	assert_int_equal(result_of(many.s), -E2BIG);
	assert_int_equal(result_of(fit.s), 0);
	assert_int_equal(result_of("W='sh -c \"$W\"'; sh -c \"$W\""), -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(executed_names),
		cmocka_unit_test(peeled_texts),
		cmocka_unit_test(live_processes),
		cmocka_unit_test(the_prefilter_lets_no_subject_by),
		cmocka_unit_test(white_space_is_plain_to_patterns),
		cmocka_unit_test(too_much_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
