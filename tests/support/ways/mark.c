/* SPDX-License-Identifier: BSD-2-Clause */
/* mark.c - leaves a mark that it ran: creates the file that its argument names. */
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	return argc < 2 || close(open(argv[1], O_WRONLY | O_CREAT | O_EXCL, 0666));
}
