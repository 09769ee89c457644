/* SPDX-License-Identifier: BSD-2-Clause */
/* sqlite_place.c - the files of a SQLite connection, and whether they come back without a question.  A file in the workspace is kept
 * by its first open for writing (files/act_open.c); one outside is kept as well, but a program that deletes rows there does so in
 * somebody else's data. */
#include <stddef.h>
#include <sys/stat.h>

#include "formats/image.h"
#include "preload/base/own_files.h"
#include "preload/base/process_state.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/statements/library_call.h"
#include "preload/statements/sqlite.h"

enum { NANOSECONDS = 1000000000, DATABASES_MAX = 130 /* main, temp, and SQLITE_MAX_ATTACHED at its highest */ };

static bool sqlite_place_is_own(const char *path)
{
	struct statx st;
	if (sys_statx(AT_FDCWD, path, 0, &st))
		return false;
	if (own_files_decide())
		return own_files_made(&st);
	return st.stx_mask & STATX_BTIME &&
	       (uint64_t)st.stx_btime.tv_sec * NANOSECONDS + st.stx_btime.tv_nsec > state_head()->since;
}

/* Does the session keep it before it is written? */
static bool sqlite_place_is_kept(const char *path)
{
	const struct gate_image_files *files = gate_image_files(state.image);
	if (!files || !(state_head()->file_events & 1u << EVENT_WRITE))
		return false;
	const struct gate_file_query q = {EVENT_WRITE, state.exe ? text_base(state.exe) : NULL, path, 0};
	struct gate_file_class class = gate_image_classify(state.image, &q);
	bool keeps = files->keep[EVENT_WRITE - EVENT_UNLINK].word != EVENT_KEEP_PASS;
	return class.class == GATE_CLASS_PASS || (!class.outside && keeps);
}

static bool sqlite_place_is_safe_file(const char *path)
{
	return !path || !*path || sqlite_place_is_kept(path) || sqlite_place_is_own(path);
}

bool sqlite_place_is_safe(struct sqlite3 *db, const void *function, const char **file)
{
	const char *(*file_of)(struct sqlite3 *, const char *) = library_sibling(function, "sqlite3_db_filename");
	const char *(*name_of)(struct sqlite3 *, int) = library_sibling(function, "sqlite3_db_name"); /* since 3.39 */
	*file = NULL;
	if (!file_of)
		return false;
	for (int i = 0; i < DATABASES_MAX; i++) {
		const char *name = name_of ? name_of(db, i) : i ? NULL : "main";
		if (!name)
			break;
		*file = file_of(db, name);
		if (!sqlite_place_is_safe_file(*file))
			return false;
	}
	return true;
}
