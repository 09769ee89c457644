/* SPDX-License-Identifier: BSD-2-Clause */
/* decide.c - a minimal program that uses libgate: reports whether a service would allow a command.  libgate(3).
 *
 *   cc decide.c $(pkg-config --cflags --libs libgate) -o decide
 *   ./decide SERVICE COMMAND [ARGUMENT...] */
#include <gate.h>

#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char cwd[4096];
	gate_handle_t *h;
	if (argc < 3) {
		fprintf(stderr, "usage: %s SERVICE COMMAND [ARGUMENT...]\n", argv[0]);
		return 64;
	}
	if (gate_start(argv[1], NULL, NULL, &h)) /* libgate has reported the problem on stderr */
		return 78;
	struct gate_event event = {
		.struct_size = sizeof(struct gate_event),
		.type = GATE_EVENT_EXEC,
		.exe = argv[2],
		.argv = (const char *const *)argv + 2,
		.argc = (size_t)argc - 2,
		.cwd = getcwd(cwd, sizeof cwd),
	};
	int ret = gate_check(h, &event, 0);
	const char *reason = gate_get_item(h, GATE_ITEM_REASON);
	printf("%s%s%s\n", gate_strret(ret), reason ? ": " : "", reason ? reason : "");
	gate_end(h, ret);
	return ret != GATE_SUCCESS;
}
