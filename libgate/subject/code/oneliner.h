/* SPDX-License-Identifier: BSD-2-Clause */
/* oneliner.h - finds the commands that the program text of python -c, node -e, perl -e, ruby -e, php -r or awk starts,
 * as far as its string literals show.  Private to libgate. */
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

/* One call.  If a shell reads a single string, `shell` is set; otherwise words[0..n) is a command.  Borrowed for the
 * duration of the callback.  A non-zero return ends the reading. */
struct oneliner_call {
	const char *shell; /* or NULL */
	const char *const *words;
	size_t n;
};
typedef int oneliner_fn(const struct oneliner_call *call, void *data);

/* Call `each` for os.system("..."), execSync('...'), system "a", "b", `...` and the like.  Calls that remove files,
 * such as shutil.rmtree('...'), are reported as `rm [-r] FILES`.  It reads literals after the names of known calls; it
 * is not an interpreter, so it does not see computed commands.  A value joined to a literal appears as $computed.
 * Returns 0, the value with which `each` ended it, or -ENOMEM. */
int oneliner_commands(enum oneliner_language language, const char *text, oneliner_fn *each, void *data);

#pragma GCC visibility pop

#endif
