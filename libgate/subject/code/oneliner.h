/* oneliner.h - the commands that the program text of python -c, node -e, perl -e, ruby -e, php -r or awk starts, as far
 * as its string literals tell.  Private to libgate. */
#ifndef GATE_SUBJECT_CODE_ONELINER_H
#define GATE_SUBJECT_CODE_ONELINER_H

#include <stddef.h>

#pragma GCC visibility push(default)

enum oneliner_language {
	ONELINER_NONE,
	ONELINER_PYTHON,
	ONELINER_NODE,
	ONELINER_PERL,
	ONELINER_RUBY,
	ONELINER_PHP,
	ONELINER_AWK,
	ONELINER_LUA,
	ONELINER_R
};

/* What is told of each call found: `shell` is set for one string that a shell reads, else words[0..n) is a command.
 * Borrowed for the length of the call.  Anything but 0 ends the reading. */
struct oneliner_call {
	const char *shell; /* or NULL */
	const char *const *words;
	size_t n;
};
typedef int oneliner_fn(const struct oneliner_call *call, void *data);

/* Call `each` for os.system("..."), execSync('...'), system "a", "b", `...` and the like, and with `rm [-r] FILES` for
 * shutil.rmtree('...') and other calls that remove files.  It reads literals after the
 * names of known calls and is no interpreter: a command that is computed is not seen.  What a literal is joined with
 * appears as $computed.
 * 0, what `each` ended it with, -ENOMEM. */
int oneliner_commands(enum oneliner_language language, const char *text, oneliner_fn *each, void *data);

#pragma GCC visibility pop

#endif
