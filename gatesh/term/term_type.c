/* SPDX-License-Identifier: BSD-2-Clause */
/* term_type.c - the families of terminals that understand ECMA-48 as xterm does.  A list and not terminfo(5), which has
 * no entry for many of them on a small machine. */
#include "term/term_type.h"

#include <stddef.h>
#include <string.h>

static const char *const families[] = {
	"alacritty",   "ansi",    "aterm",  "contour", "cygwin",  "dtterm", "dvtm",        "eterm",
	"Eterm",       "fbterm",  "foot",   "gnome",   "ghostty", "iterm",  "iTerm",       "jfbterm",
	"kitty",       "konsole", "kterm",  "linux",   "mintty",  "mlterm", "ms-terminal", "nsterm",
	"pcansi",      "putty",   "rio",    "rxvt",    "screen",  "st",     "teraterm",    "terminator",
	"terminology", "tmux",    "vscode", "vt1",     "vt2",     "vt3",    "vt4",         "vt510",
	"vt520",       "vt525",   "vte",    "wezterm", "wsvt",    "xterm",  "zellij",
};

bool term_type_draws(const char *term)
{
	for (size_t i = 0; term && i < sizeof families / sizeof *families; i++) {
		size_t n = strlen(families[i]);
		const char *end = term + n;
		if (strncmp(term, families[i], n))
			continue;
		/* vt100 and vt220, but neither stv52 nor sting */
		if (!*end || *end == '-' || *end == '.' || *end == '+' || (*end >= '0' && *end <= '9'))
			return true;
	}
	return false;
}
