/* image.h - the policy image: what the interposer's prefilter reads.  Position-independent, byte order the machine's,
 * immutable but for one flag once the session has written it.  It holds the program names and keywords without which no
 * exec rule can match; a process that the image does not concern goes on without asking anybody.
 *
 * Two stages, because nearly every process is of no concern and must cost nothing:
 *   1. the head alone (GATE_IMAGE_HEAD bytes, one pread): small filters over hashes of names.  "No" is final.
 *   2. the whole image, mapped: exact names and the keywords of their rules.  "No" is final, "yes" means ask.
 * Both may say yes too often, never no where a rule could match.
 *
 * Carriers are programs whose arguments can name another program that no constructor will see under its own name; the
 * engine peels the same ones from a live process (wrapper_table.c, from which their filters are made):
 *   away    the other program runs where the library is not (ssh, docker exec, sudo, chroot), or inside the same
 *           process (busybox APPLET): every part of every argument counts
 *   script  the program is an interpreter and an argument is the script or module (python3 /usr/bin/aws)
 * Local wrappers (env, xargs, timeout, `sh -c TEXT`) are no carriers: what they start is judged when it starts.
 *
 * Shared by the engine (builder: image_build.c) and the interposer (reader: formats/image_check.c, image_exec.c); needs
 * libc headers only.  The reader trusts nothing: every offset is checked against the size before use, and a bad image
 * is a fault. */
#ifndef GATE_FORMATS_IMAGE_H
#define GATE_FORMATS_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/address.h"

#pragma GCC visibility push(default)

#define GATE_IMAGE_MAGIC "GATEIMG\1"
enum { GATE_IMAGE_VERSION = 2, GATE_IMAGE_MAX = 64 << 20 };

enum gate_image_flag {
	GATE_IMAGE_ON_FAULT_ALLOW = 1, /* gate.conf on-fault: allow */
	GATE_IMAGE_SUPERVISE =
		4, /* what can't load the interposer is watched by the session: preload/standin/standin_filter.h */
	GATE_IMAGE_ASK_ALL =
		2, /* the session is frozen (remembered.h, freeze).  The one thing that changes in an image */
	GATE_IMAGE_CONNECT = 1 << 8, /* connections are judged */
	GATE_IMAGE_CONNECT_PASS =
		1 << 9, /* ... and pass where none of the rules here matches; they are reported only */
};

/* Filter sizes in bits, powers of two.  8192 bits hold 500 names at 1.3 % false alarms. */
enum { GATE_FILTER_NAMES = 8192, GATE_FILTER_CARRIERS = 1024 };
/* Bytes of the path of gate-exec, its NUL included. */
enum { GATE_EXEC_MAX = 512 };
/* Longest prefix ("mkfs.*") that is told apart; a longer one is cut, which only concerns more. */
enum { GATE_PREFIX_MAX = 31 };

/* A table: `n` entries at offset `at` from the image's start. */
struct gate_image_table {
	uint32_t at, n;
};

struct gate_image_head {
	char magic[8];
	uint32_t version;
	uint32_t size; /* of the whole image, bytes */
	uint32_t flags;
	uint32_t gate_exec;              /* offset of the NUL-terminated path of gate-exec */
	uint32_t prefix_lengths;         /* bit L: some rule names programs by a prefix of L bytes */
	struct gate_image_table names;   /* struct gate_image_name: open addressing, n a power of two or 0 */
	struct gate_image_table lists;   /* uint32_t: indices into rules, for names and any */
	struct gate_image_table any;     /* uint32_t: indices of the rules for any program */
	struct gate_image_table rules;   /* struct gate_image_span into groups */
	struct gate_image_table groups;  /* struct gate_image_span into words; a rule wants one word of each group */
	struct gate_image_table words;   /* uint32_t: offsets of NUL-terminated keywords, ASCII lower case */
	struct gate_image_table connect; /* struct gate_image_connect */
	struct gate_image_table nets;    /* struct gate_net */
	struct gate_image_table ports;   /* struct gate_ports */
	uint32_t name_filter[GATE_FILTER_NAMES / 32];
	uint32_t away_filter[GATE_FILTER_CARRIERS / 32];
	uint32_t script_filter[GATE_FILTER_CARRIERS / 32];
	uint64_t since;       /* nanoseconds of the epoch: a file that was born later was made in this session */
	uint32_t file_events; /* bits 1 << GATE_EV_*: those of unlink, rename, truncate that are judged */
	uint32_t files;       /* offset of struct gate_image_files; 0 when file_events is */
};
enum { GATE_IMAGE_HEAD = sizeof(struct gate_image_head) };

struct gate_image_span {
	uint32_t first, n;
};

/* A rule on connect that asks or denies.  What is empty matches everything; programs are left to the engine. */
struct gate_image_connect {
	struct gate_image_span hosts, sockets; /* in words, as gate_choose_host() and gate_choose_path() take them */
	struct gate_image_span nets, ports;
};

/* A program name as its hash; rules.n is 0 in an empty slot. */
struct gate_image_name {
	uint32_t hash;
	struct gate_image_span rules; /* in lists */
};

enum { GATE_IMAGE_FILE_EVENTS = 3, GATE_IMAGE_SEVERITY_MAX = 3 };

/* What happens to a file that no rule speaks of: gate_keep(8). */
enum gate_keep_word { GATE_KEEP_PASS = 0, GATE_KEEP_KEEP, GATE_KEEP_ASK };

struct gate_image_keep {
	uint64_t max;        /* bytes: a larger file is not copied */
	uint32_t word;       /* enum gate_keep_word */
	uint32_t in_process; /* 0: each event is the session's to decide; what it allows is kept if `word` says so */
};

/* What file events are judged by; read by a process at its first one. */
struct gate_image_files {
	struct gate_image_keep keep[GATE_IMAGE_FILE_EVENTS]; /* by event, from unlink */
	uint32_t home;                                       /* offset of what ~ stands for; 0: unknown */
	uint32_t reserved;
	struct gate_image_table workspaces; /* uint32_t: offsets of absolute paths */
	struct gate_image_table temporary;  /* likewise */
	struct gate_image_table stores;     /* struct gate_image_store */
	struct gate_image_table rules;      /* struct gate_image_file_rule */
	struct gate_image_table globs;      /* struct gate_image_glob */
	struct gate_image_table words;      /* uint32_t: offsets of globs and names */
	struct gate_image_table keys; /* struct gate_image_name, into globs: open addressing, n a power of two or 0 */
	struct gate_image_span any;   /* in globs: those without a key */
};

struct gate_image_store {
	uint32_t dev_major, dev_minor; /* of the file system that it is on */
	uint32_t path;
};

struct gate_image_file_rule {
	uint32_t events;                          /* bits 1 << GATE_EV_* */
	uint32_t class;                           /* enum gate_class */
	uint32_t severity;                        /* enum gate_severity */
	uint32_t outside;                         /* only outside the workspaces */
	uint32_t within;                          /* enum gate_file_flag: only files that have it; 0: any */
	struct gate_image_span excepts, programs; /* in words; no programs: any */
};

/* One glob of a rule.  Filed under the hash of a component that a path must have to match, or of GATE_HASH_PREFIX_MARK
 * and what its last component must end in ("*.db"). */
struct gate_image_glob {
	uint32_t text; /* offset; 0: every path */
	uint32_t rule;
};

/* What the rules make of a path, mildest first. */
enum gate_class { GATE_CLASS_NONE = 0, GATE_CLASS_ASK, GATE_CLASS_PASS, GATE_CLASS_DENY, GATE_CLASS_STORE };

/* FNV-1a; a prefix is hashed on from the prefix's bytes with one byte no name has. */
enum { GATE_HASH_START = 0x811c9dc5, GATE_HASH_PREFIX_MARK = '*' };

static inline uint32_t gate_hash_byte(uint32_t h, unsigned char c)
{
	return (h ^ c) * 0x01000193u;
}

/* The two bits of a hash in a filter of `bits`. */
static inline bool gate_filter_has(const uint32_t *filter, uint32_t bits, uint32_t h)
{
	uint32_t a = h & (bits - 1), b = (h >> 16 ^ h * 0x9e3779b1u >> 7) & (bits - 1);
	return (filter[a / 32] >> a % 32 & 1) && (filter[b / 32] >> b % 32 & 1);
}

static inline void gate_filter_add(uint32_t *filter, uint32_t bits, uint32_t h)
{
	uint32_t a = h & (bits - 1), b = (h >> 16 ^ h * 0x9e3779b1u >> 7) & (bits - 1);
	filter[a / 32] |= 1u << a % 32;
	filter[b / 32] |= 1u << b % 32;
}

/* Does a path glob of a file rule match the absolute `path`?  '*' and '?' and [a-z] stay within one component, "**"
 * crosses slashes.  A pattern that starts with '/' or '~' (`home`; NULL: matches nothing) is the whole path's, any
 * other may begin at any component; one that ends in '/' takes the directory and everything below it.
 * Async-signal-safe.  formats/glob.c. */
bool gate_glob(const char *pattern, const char *path, const char *home);

/* Is this the head of an image of this version and of `size` bytes?  0, -EINVAL (foreign), -EBADMSG (truncated). */
int gate_image_check_head(const struct gate_image_head *head, size_t size);

/* Is this a whole image of this version?  0, -EINVAL (foreign), -EBADMSG (truncated or an offset out of range). */
int gate_image_check(const void *map, size_t len);

/* Stage 1.  False only when no rule can concern this exec (a checked head is assumed).  execfn and argv may be NULL;
 * argv is NULL-terminated and may be empty.  No allocation, no errno, little stack; async-signal-safe. */
bool gate_image_may_concern(const struct gate_image_head *head, const char *execfn, const char *const *argv);

/* Stage 2, the whole answer.  As stage 1, over a checked image. */
bool gate_image_concerns(const void *map, const char *execfn, const char *const *argv);

/* Could one of the rules here match a connection to `d`?  `path` is a unix socket's resolved path, `names` (n of them,
 * folded) those that the address was looked up by.  Over a checked image.  formats/image_connect.c. */
bool gate_image_concerns_connect(const void *map, const struct gate_dest *d, const char *path,
				 const char names[][GATE_HOST_MAX], size_t n);
struct gate_file_query {
	unsigned event;      /* GATE_EV_* */
	const char *program; /* base name; NULL: unknown */
	const char *path;    /* absolute */
	unsigned flags;      /* GATE_FILE_CACHE, GATE_FILE_IGNORED: what is known to hold */
};

struct gate_file_class {
	enum gate_class class;
	unsigned severity; /* of the worst rule that asks */
	unsigned wants;    /* flags that, if they held, might make it milder */
	bool outside;      /* of every workspace */
};

/* What the rules say, over a checked image that has file events.  GATE_CLASS_PASS also of what is in a temporary
 * directory, GATE_CLASS_STORE of the session's own.  About a microsecond; async-signal-safe.  formats/image_files.c. */
struct gate_file_class gate_image_classify(const void *map, const struct gate_file_query *q);

/* The file tables of a checked image; NULL: no file events. */
static inline const struct gate_image_files *gate_image_files(const void *map)
{
	const struct gate_image_head *head = map;
	return head->files ? (const void *)((const char *)map + head->files) : NULL;
}

/* Is `path` `dir` or below it? */
bool gate_path_is_under(const char *path, const char *dir);

#pragma GCC visibility pop

#endif
