/* SPDX-License-Identifier: BSD-2-Clause */
/* file_judge.c - the ladder that decides a file's fate, inside the process where possible.  Cheap steps come first:
 * most deletions are of files made in the session, and those cost one statx(2). */
#include "preload/files/file_judge.h"

#include <errno.h>

#include "formats/session_names.h"
#include "preload/base/message.h"
#include "preload/base/own_files.h"
#include "preload/base/process_state.h"
#include "preload/base/sys.h"
#include "preload/files/act_host.h"
#include "preload/files/installed.h"
#include "preload/files/locate.h"
#include "preload/files/regenerable.h"
#include "preload/files/store_journal.h"

bool victim_is_judged(unsigned event)
{
	return state_judges() && state_head()->file_events >> event & 1;
}

/* Another system call tells a filter's refusal from the kernel's answer.  A name that is missing is too frequent for it. */
static bool file_judge_is_filtered(long err, int dir, const char *name, int flags)
{
	struct stat st;
	if (err == -ENOENT || err == -ENOTDIR || err == -EFAULT || err == -EBADF)
		return false;
	return err == -ENOSYS || err == -EPERM || !SYS(newfstatat, dir, name, &st, flags, 0, 0);
}

static long file_judge_looked(long err, int dir, const char *name, int flags)
{
	if (__builtin_expect(err, 0) && file_judge_is_filtered(err, dir, name, flags))
		state_leave();
	return err;
}

long victim_look(int dir, const char *name, int flags, struct statx *st)
{
	return file_judge_looked(sys_statx(dir, name, flags, st), dir, name, flags);
}

long victim_glance(int dir, const char *name, int flags, struct statx *st)
{
	return file_judge_looked(sys_statx_untimed(dir, name, flags, st), dir, name, flags);
}

/* Strictly greater: the kernel's times are coarse. */
static bool file_judge_is_young(const struct statx *st)
{
	return st->stx_mask & STATX_BTIME &&
	       (uint64_t)st->stx_btime.tv_sec * 1000000000u + st->stx_btime.tv_nsec > state_head()->since;
}

/* A directory or a symbolic link holds nothing that its name does not: its birth is enough. */
bool victim_is_new(const struct statx *st)
{
	if (!file_judge_is_young(st))
		return false;
	return (st->stx_mode & S_IFMT) != S_IFREG || !own_files_decide() || own_files_made(st);
}

/* Is its content at stake, not one of its names? */
static bool file_judge_is_content(const struct victim *v)
{
	return v->event == EVENT_TRUNCATE || v->event == EVENT_WRITE || v->event == EVENT_READ;
}

/* An empty file with several names may have been emptied after its content was kept: each name is to come back with that. */
static bool file_judge_is_empty(const struct victim *v)
{
	return (v->st.stx_mode & S_IFMT) == S_IFREG && !v->st.stx_size &&
	       (v->st.stx_nlink == 1 || file_judge_is_content(v));
}

/* Is nothing lost with the file, wherever it is?  Names that look like a store's own are judged anyway. */
static bool file_judge_is_nothing(const struct victim *v)
{
	unsigned type = v->st.stx_mode & S_IFMT;
	if (victim_is_new(&v->st))
		return true;
	if (v->moved)
		return false;
	return type == S_IFIFO || type == S_IFSOCK || file_judge_is_empty(v);
}

const char *victim_other(const struct victim *v, char buf[PATH_MAX])
{
	return v->other && locate(v->m, v->other_dir, v->other, buf) >= 0 ? buf : NULL;
}

/* enum gate_file_flag */

struct wire_event victim_event(const struct victim *v)
{
	bool directory = (v->st.stx_mode & S_IFMT) == S_IFDIR;
	return (struct wire_event){
		.event = v->event,
		.file = v->flags | (v->class.outside ? EVENT_FILE_OUTSIDE : 0u) |
			(directory ? EVENT_FILE_DIRECTORY : 0u) | (v->moved ? EVENT_FILE_MOVED : 0u),
		.size = v->st.stx_size,
	};
}

const struct gate_image_keep *victim_terms(const struct victim *v)
{
	return &gate_image_files(v->m->image)->keep[v->event - EVENT_UNLINK];
}

/* An empty directory, or one of several names of a file: Gate keeps a record only. */
static bool file_judge_is_harmless(const struct victim *v)
{
	unsigned type = v->st.stx_mode & S_IFMT;
	if (v->moved || file_judge_is_content(v))
		return false;
	return type == S_IFDIR || (type == S_IFREG && v->st.stx_nlink > 1);
}

/* A directory in a protected place of the workspace: a repository breaks without its empty directories. */
static bool file_judge_is_part(const struct victim *v)
{
	return (v->st.stx_mode & S_IFMT) == S_IFDIR && !v->class.outside;
}

/* Decide a file that no rule matches. */
static int file_judge_by_word(const struct victim *v)
{
	unsigned type = v->st.stx_mode & S_IFMT;
	uint32_t word = victim_terms(v)->word;
	if (type == S_IFCHR || type == S_IFBLK || (file_judge_is_harmless(v) && word != EVENT_KEEP_KEEP))
		return VICTIM_GO;
	if (word == EVENT_KEEP_ASK)
		return ask_file(v, NULL);
	return word == EVENT_KEEP_KEEP ? VICTIM_KEEP : VICTIM_GO;
}

/* The session decides.  An allowed file is still kept if the policy says keep. */
static int file_judge_by_session(const struct victim *v)
{
	int fate = ask_file(v, NULL);
	return fate == VICTIM_GO && victim_terms(v)->word == EVENT_KEEP_KEEP ? VICTIM_KEEP : fate;
}

/* May the process decide by the rules alone, without the session? */
static bool file_judge_is_ours(const struct victim *v)
{
	const struct gate_image_head *head = v->m->image;
	return victim_terms(v)->in_process && !(head->flags & GATE_IMAGE_ASK_ALL);
}

static int file_judge_by_class(const struct victim *v)
{
	enum gate_class class = v->class.class;
	if (class == GATE_CLASS_STORE) {
		message_put("refused: this file is in the session's undo store");
		return -EPERM;
	}
	/* The session denies what a rule denies, and logs that; a paused one allows it. */
	if (class == GATE_CLASS_DENY || !file_judge_is_ours(v))
		return file_judge_by_session(v);
	if (class == GATE_CLASS_PASS)
		return VICTIM_GO;
	if (class == GATE_CLASS_KEEP)
		return file_judge_by_word(v);
	return class == GATE_CLASS_ASK && (!file_judge_is_harmless(v) || file_judge_is_part(v)) ?
		       file_judge_by_session(v) :
		       file_judge_by_word(v);
}

static void file_judge_classify(struct victim *v, unsigned flags, enum gate_class least)
{
	v->flags = flags | (v->event == EVENT_READ && v->stranger ? EVENT_FILE_STRANGER : 0u);
	v->class = gate_image_classify(
		v->m->image, &(struct gate_file_query){v->event, message_program_name(), v->path, v->flags, least});
}

void victim_rate_unkept(struct victim *v)
{
	const struct gate_file_query q = {EVENT_TRUNCATE, message_program_name(), v->path, v->flags, GATE_CLASS_NONE};
	unsigned severity = gate_image_classify(v->m->image, &q).severity;
	if (severity > v->class.severity)
		v->class.severity = severity;
}

/* Can this be the address of a string?  For other values the kernel answers EFAULT, but victim_passes() would read the
 * name before any system call does. */
static bool file_judge_is_address(const char *name)
{
	return (long)name >= 64 << 10;
}

/* Is it given up for the sake of a lock file, although it was changed after the install? */
static bool file_judge_is_patched(const struct victim *v)
{
	struct statx_timestamp at;
	return v->flags & EVENT_FILE_LOCKED && installed_when(v->m, v->path, &at) && installed_is_changed(&v->st, &at);
}

/* The same before the file has been looked at. */
static bool file_judge_is_patched_name(struct victim *v)
{
	struct statx_timestamp at;
	return v->flags & EVENT_FILE_LOCKED && installed_when(v->m, v->path, &at) &&
	       (victim_look(v->dir, v->name, AT_SYMLINK_NOFOLLOW, &v->st) || installed_is_changed(&v->st, &at));
}

bool victim_passes(struct victim *v)
{
	v->m = memory_if_any();
	if (!v->m || !v->m->passed || !file_judge_is_address(v->name) || !file_judge_is_ours(v) ||
	    locate(v->m, v->dir, v->name, v->path))
		return false;
	unsigned known = regenerable_remembered(v->m, v->path); /* the last file passed by it */
	file_judge_classify(v, known, GATE_CLASS_PASS);
	if (v->class.wants && v->class.class < GATE_CLASS_PASS)
		file_judge_classify(v, known | regenerable_flags(v->m, v->path, v->class.wants), GATE_CLASS_PASS);
	return v->class.class == GATE_CLASS_PASS && !own_files_carried(v->path) && !file_judge_is_patched_name(v);
}

/* Did the session bring the file here, to a place whose files are given up, from one whose files are kept? */
static bool file_judge_is_carried(const struct victim *v)
{
	return own_files_carried(v->path) || ((v->st.stx_mode & S_IFMT) == S_IFREG && own_files_carried_file(&v->st));
}

bool victim_would_pass(struct victim *v)
{
	int err;
	v->m = memory_get(&err);
	if (!v->m || locate(v->m, v->dir, v->name, v->path) < 0)
		return false;
	struct gate_file_query q = {.event = EVENT_UNLINK, .path = v->path};
	v->class = gate_image_classify(v->m->image, &q);
	if (v->class.wants && v->class.class < GATE_CLASS_PASS) {
		q.flags = regenerable_flags(v->m, v->path, v->class.wants);
		v->class = gate_image_classify(v->m->image, &q);
	}
	return v->class.class == GATE_CLASS_PASS;
}

/* Does another name, which may be where files are kept, have the content that is about to change? */
static bool file_judge_is_shared(const struct victim *v)
{
	return file_judge_is_content(v) && v->st.stx_nlink > 1 && (v->st.stx_mode & S_IFMT) == S_IFREG;
}

/* Settle what was carried: a file that loses one of several names here may lose the last where files are given up. */
static void file_judge_carried(struct victim *v)
{
	if (v->class.class == GATE_CLASS_PASS &&
	    (file_judge_is_carried(v) || file_judge_is_patched(v) || file_judge_is_shared(v)))
		v->class.class = GATE_CLASS_KEEP;
	else if (v->class.class < GATE_CLASS_PASS && !file_judge_is_content(v) && !v->moved && v->st.stx_nlink > 1 &&
		 (v->st.stx_mode & S_IFMT) == S_IFREG)
		own_files_carry_file(&v->st);
}

/* The file that the session made is about to lose its last name. */
static void file_judge_forget(const struct victim *v)
{
	if (!file_judge_is_content(v) && !v->moved && v->st.stx_nlink == 1 && (v->st.stx_mode & S_IFMT) == S_IFREG)
		own_files_forget(&v->st);
}

/* Is the open file the one at the name it was opened by, and no symbolic link to it? */
static bool file_judge_is_by_name(const struct victim *v)
{
	struct statx st;
	return v->by && !sys_statx(v->by->dir, v->by->name, AT_SYMLINK_NOFOLLOW, &st) && st.stx_ino == v->st.stx_ino &&
	       st.stx_dev_major == v->st.stx_dev_major && st.stx_dev_minor == v->st.stx_dev_minor;
}

/* The kernel tells no path of an open file that is longer than PATH_MAX. */
static int file_judge_locate(struct victim *v)
{
	if (*v->name)
		return locate(v->m, v->dir, v->name, v->path);
	int err = locate_file(v->dir, v->path);
	if (err == -ENAMETOOLONG && file_judge_is_by_name(v))
		return locate(v->m, v->by->dir, v->by->name, v->path);
	return err;
}

int victim_judge(struct victim *v)
{
	int err = 0;
	bool nothing = file_judge_is_nothing(v);
	if (nothing)
		file_judge_forget(v);
	*v->path = '\0';
	if (nothing && !journal_is_own_name(v->name))
		return VICTIM_GO;
	v->m = memory_get(&err);
	if (!v->m)
		return ask_file_fault(GATE_IMAGE_NAME, err);
	err = file_judge_locate(v);
	if (err < 0)
		return ask_file_fault("the file's path can't be resolved", err);
	v->nameless = err;
	file_judge_classify(v, 0, GATE_CLASS_NONE);
	if (nothing && v->class.class != GATE_CLASS_STORE)
		return VICTIM_GO;
	if (v->class.wants && v->class.class < GATE_CLASS_PASS)
		file_judge_classify(v, regenerable_flags(v->m, v->path, v->class.wants), GATE_CLASS_NONE);
	file_judge_carried(v);
	v->m->passed = v->class.class == GATE_CLASS_PASS;
	return file_judge_by_class(v);
}
