/* SPDX-License-Identifier: BSD-2-Clause */
/* remembered.h - what Gate remembers: for whom, until when, and what takes it back.
 *
 * This page is the only place that says so; other headers name an entry of it.  tests/session/front/remembered.t reads
 * the ids below and has a check for each entry, on real processes.
 *
 * Words.  A process is a pid with its start time: an exec leaves it the same process, a fork makes another.  A tree is
 * a process and those that have it among their ancestors in /proc; a child whose parent has ended is no longer in it.
 * "A revoke" is `gatesh grants revoke` of any grant of the session, "its revoke" that of the entry's own grant.
 *
 * For every entry:
 *   - A freeze takes nothing back.  While the session is frozen, no yes below lets an event through that is judged, and
 *     after the thaw each holds again.  The refusals of a freeze are not answers, and none is remembered
 *     as one; only if the thaw comes before the refusal has reached the process, connect-verdict and supervised-verdict
 *     may keep it.
 *   - A rule's `action: deny` outranks every yes.
 *   - gatesh and its engine keep some of it (gatesh/, libgate/engine/): that ends with the session.  The process itself
 *     keeps the rest (libgate/preload/): the session can't reach it, so nothing takes a yes back there.
 *
 * | grant-command | A yes "for this session" to a command.  Never for a critical finding.
 *     kept   libgate/engine/grant.c
 *     for    every process of the session: the same rule, program and arguments, in the same directory
 *     until  the session's end
 *     back   its revoke
 *
 * | grant-file | A yes "for this session" to a file event.  Never for a critical finding.
 *     kept   libgate/engine/grant.c
 *     for    every process of the session: the same rule, whatever is done to any file under the directory that
 *            answer-file has, or to the one file if the command named files
 *     until  the session's end
 *     back   its revoke
 *
 * | grant-connection | A yes "for this session" to a connection.  Never for a critical finding.
 *     kept   libgate/engine/grant.c
 *     for    every process of the session: the same rule, names (or address, without a name), port and protocol; or the
 *            same rule and socket
 *     until  the session's end
 *     back   its revoke.  A process that has connected there already goes on: connect-verdict
 *
 * | process-connection | Any yes to a connection, also to a critical one.  It is not listed.
 *     kept   libgate/engine/grant.c, the last 64 of the session
 *     for    the process that asked, not its forks: as grant-connection, that is also the other addresses of a name
 *     until  the process's end
 *     back   a revoke
 *
 * | answer-command | A yes to a command, by a person or a grant, is one to its file events, and to the statements about which no
 *            other rule asks.
 *     kept   gatesh/ask/remembered_answers.c, with answer-file and told-file at most 4096: beyond that nothing is added
 *     for    the tree of the process that executed the command: every file event, whatever its severity; a statement, if each
 *            rule that asks about it asked about the command
 *     until  the process's end
 *     back   a revoke, but not in a process that remembers it itself: memory-answer
 *
 * | answer-file | An answer to a file event, also the no of a question whose time was over.
 *     kept   gatesh/ask/remembered_answers.c
 *     for    the tree of the process that acts, or of the ancestor that only starts others (answer_scope.h): the same
 *            event under the same directory, or, if the command named files, on those it named in that directory; a yes
 *            for what is no more severe, and for what can't be kept only if it was given for such a file; a no for
 *            everything.  Of several that fit, the newest.  The session's first
 *            process and a long-lived interpreter, if their command names nothing above the file: this path alone
 *     until  the end of that process
 *     back   a revoke takes the yes, but not in a process that remembers it itself: memory-answer.  Nothing takes a no
 *
 * | answer-write | An answer about a file that can't be kept and is opened to be written in place.  A yes to a critical
 *           finding is an answer-file.
 *     kept   gatesh/ask/remembered_answers.c
 *     for    a yes: every process of the session that runs the same program (/proc/PID/exe), for files under the operand
 *            or the working directory that holds the file, else under the file's own, if no more severe.  A no: the tree
 *            of the first process above the one that acts that runs the same program
 *     until  the session's end; a no, the end of that process
 *     back   as answer-file
 *
 * | told-file | A refusal of a file event has been explained on stderr.
 *     kept   gatesh/ask/remembered_answers.c
 *     for    the tree of answer-file: the same event, directory and kind of refusal, no more severe
 *     until  the end of that process
 *     back   nothing
 *
 * | shared-answer | An open question.
 *     kept   gatesh/ask/question.c
 *     for    every process that asks the same while it is open: the same rules about the same command, directory and
 *            user, or about the same connection by the same program; of files, the same tree, event, directory and
 *            severity, and all of them kept or none
 *     until  it is answered, or nobody waits any more.  Who asks later asks anew
 *     back   nothing: the first answer is the only one.  A freeze answers no, a pause yes
 *
 * | late-answer | An answer, not one "for this session", to a question whose process was told to come back, because its agent would
 *            wait no longer.  Never for a critical finding.
 *     kept   gatesh/ask/late_answers.c, the last 64
 *     for    the next process of the session that asks the same: the same rules, program, arguments, directory, file or
 *            destination, user and variables that choose the target.  A yes only if the preview shows what the person saw;
 *            else it is asked anew
 *     until  it has counted once, or 600 seconds have passed
 *     back   a revoke takes the yes
 *
 * | check-answer | An answer, for the lines of the service that follow.
 *     kept   libgate/engine/question.c
 *     for    the one event, if the same findings ask; a no also if others do
 *     until  the event is decided
 *     back   nothing
 *
 * | memory-answer | An answer to a file event, or the yes of answer-command as one to every file.
 *     kept   libgate/preload/base/process_memory.c, the last 4.  Not an answer "for this session", nor one for named
 *            files, and none of a supervised program: only the session has those
 *     for    the process, and each fork with a copy: the same event under the same directory, no more severe, and
 *            what can't be kept as in answer-file
 *     until  the process's end or its exec
 *     back   nothing: neither a revoke nor the session's end
 *
 * | memory-place | The path of the last directory in which a file was looked at.
 *     kept   libgate/preload/files/locate.c; of supervised programs gatesh has one for all of them
 *     for    the process, and each fork with a copy
 *     until  a second has passed, another directory is looked at, or its exec.  A directory that another process moves
 *            within that second counts as where it was
 *     back   a rename by the process itself
 *
 * | memory-tree | A directory is a cache (CACHEDIR.TAG) or ignored by git, and all below it.
 *     kept   libgate/preload/base/process_memory.c, the last 4; of supervised programs gatesh has 4 for all of them
 *     for    the process, and each fork with a copy
 *     until  the process's end or its exec; of supervised programs, the session's end
 *     back   nothing: it holds when the tag or the .gitignore is gone
 *
 * | memory-install | When a node_modules was installed, by npm's own file in it.  Gate keeps what was changed there later.
 *     kept   libgate/preload/files/installed.c, the last one; of supervised programs gatesh has one for all of them
 *     for    the process, and each fork with a copy
 *     until  a file in another node_modules is looked at, the process's end or its exec
 *     back   nothing: it holds when that file is gone
 *
 * | memory-plain | A directory is not one of memory-tree.
 *     kept   libgate/preload/base/process_memory.c, the last one; of supervised programs gatesh has one for all of them
 *     for    the process, and each fork with a copy
 *     until  another directory is looked at, the process's end or its exec
 *     back   nothing: it holds when a tag or a .gitignore appears
 *
 * | memory-names | The names by which an address was looked up.  An address with another name is another destination.
 *     kept   libgate/preload/net/dns_names.c, the last 16 of the addresses that share one of 64 sets
 *     for    the process, and each fork with a copy.  A supervised program has none
 *     until  the process's end or its exec
 *     back   nothing
 *
 * | connect-verdict | A destination was allowed (by a yes, a grant, or because no rule matches) or refused.
 *     kept   libgate/preload/net/connect_cache.c, the last 4 of each of 128 sets
 *     for    the process, and each fork with a copy: the same address, names, port and type of socket; or the same unix
 *            socket by the same path.  A refusal is explained once
 *     until  the process's end or its exec
 *     back   nothing: neither a revoke nor the session's end
 *
 * | supervised-verdict | As connect-verdict, for a program that the session supervises.
 *     kept   gatesh/supervise/connect_log.c, the last 512 of all processes
 *     for    the process while it runs the same program, not its forks
 *     until  the process's end
 *     back   a revoke takes the yes.  Nothing takes a no
 *
 * | lookup | A thread looks a name up: the connections that libc makes for that are not judged.
 *     kept   gatesh/supervise/lookups.c
 *     for    the thread
 *     until  the lookup's end; of a thread that died in it, for LOOKUPS_S
 *     back   nothing
 *
 * | made-files | The session's own calls made a regular file, so that it goes unkept.  Without it, a file is old.
 *     kept   libgate/formats/made_table.c, shared by all processes of the session; 262,144 files
 *     for    every process of the session: the file of this device, inode and birth time
 *     until  the session's end
 *     back   the removal of its last name by the session
 *
 * | settled-files | An old file was kept before it could be written, or a person said yes to writing it unkept: no further
 *            open for writing in place, ftruncate(2) or fallocate(2) keeps it again.  O_TRUNC, truncate(2), a removal and
 *            a rename over it do.
 *     kept   libgate/formats/made_table.c, shared by all processes of the session; 65,536 files
 *     for    every process of the session: the file of this device, inode and birth time
 *     until  the session's end
 *     back   nothing: neither an undo nor a change by somebody else
 *
 * | freeze | The session is frozen: nothing is asked, and everything that is judged is refused.
 *     kept   gatesh/ask/question.h and the image's GATE_IMAGE_ASK_ALL (image.h), which running processes read
 *     for    every process of the session.  Those that run go on
 *     until  the session's end
 *     back   a thaw
 *
 * | pause | The session is paused: nothing is asked, everything that is judged is allowed, kept and logged, and no yes of it
 *           is remembered.
 *     kept   gatesh/ask/question.h and the image's GATE_IMAGE_ASK_ALL (image.h), which running processes read
 *     for    every process of the session
 *     until  its time is over, or the session's end
 *     back   a resume, or a freeze
 *
 * | fault-told | It has been said on stderr that a file event could not be judged.
 *     kept   libgate/preload/files/ask_file.c
 *     for    the process, and each fork with a copy
 *     until  the process's end or its exec
 *     back   nothing
 */
#ifndef GATE_FORMATS_REMEMBERED_H
#define GATE_FORMATS_REMEMBERED_H
#endif
