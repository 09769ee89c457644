/* SPDX-License-Identifier: BSD-2-Clause */
/* image.h - the policy image, a compiled form of the policy that the interposer's prefilter reads.  It is
 * position-independent, in the machine's byte order and, once the session has written it, immutable except for one
 * flag.  It holds the program names and keywords without which no exec rule can match.  A process that no rule can
 * concern goes on without a request to the session.
 *
 * The check has two stages, because rules concern almost no process and the others must cost nothing:
 *   1. the head alone (GATE_IMAGE_HEAD bytes, one pread): small filters over hashes of names.  "No" is final.
 *   2. the whole image, mapped: exact names and the keywords of their rules.  "No" is final, "yes" means ask.
 * Both stages may say yes too often, but never say no if a rule could match.
 *
 * A carrier is a program whose arguments can name another program that no constructor will see under its own name.  The
 * engine unwraps the same carriers from a live process; their filters are built from wrapper_table.c.
 *   away    the other program runs where the library is not loaded (ssh, docker exec, sudo, chroot), or inside the same
 *           process (busybox APPLET): every part of every argument counts
 *   script  the program is an interpreter and an argument is the script or module (python3 /usr/bin/aws)
 * Local wrappers (env, xargs, timeout, `sh -c TEXT`) are not carriers: Gate judges the programs that they start when
 * those start.
 *
 * A program is also known by its file: the image lists the files that PATH has under the names of rules and of carriers
 * that lead away (struct gate_image_program), so that a copy or a link of one under another name is judged as it (image_programs.c).
 *
 * The engine builds the image (image/image_build.c) and the interposer reads it (formats/image_check.c, image_exec.c).
 * This header needs libc headers only.  The reader trusts nothing: it checks every offset against the size before use,
 * and a bad image is a fault. */
#ifndef GATE_FORMATS_IMAGE_H
#define GATE_FORMATS_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/address.h"
#include "formats/event.h"

#pragma GCC visibility push(default)

#define GATE_IMAGE_MAGIC "GATEIMG\1"
enum { GATE_IMAGE_VERSION = 5, GATE_IMAGE_MAX = 64 << 20 };

enum gate_image_flag {
	GATE_IMAGE_ON_FAULT_ALLOW = 1, /* gate.conf on-fault: allow */
	GATE_IMAGE_ASK_ALL =
		2, /* ask about every exec: the session is frozen.  The only part of an image that changes */
	GATE_IMAGE_CONNECT = 1 << 8, /* Gate judges connections */
	GATE_IMAGE_CONNECT_PASS =
		1 << 9,                 /* ... and a connection that no rule here matches passes; it is only reported */
	GATE_IMAGE_STATEMENT = 1 << 10, /* Gate judges statements */
	GATE_IMAGE_STATEMENT_EFFECTS = 1 << 11, /* ... and one without an effect passes: no rule matches it */
	GATE_IMAGE_READ_ANY = 1 << 12,          /* rules on read concern names that read_name.h does not list */
};

/* Filter sizes in bits, powers of two.  8192 bits hold 500 names at 1.3 % false positives. */
enum { GATE_FILTER_NAMES = 8192, GATE_FILTER_CARRIERS = 1024 };
/* Maximum size of the path of gate-standin, with its NUL. */
enum { GATE_STANDIN_MAX = 512 };
/* Longest prefix ("mkfs.*") that is distinguished; a longer one is cut, so that it only matches more. */
enum { GATE_PREFIX_MAX = 31 };

/* A table of `n` entries at offset `at` from the start of the image. */
struct gate_image_table {
	uint32_t at, n;
};

struct gate_image_head {
	char magic[8];
	uint32_t version;
	uint32_t size; /* of the whole image, bytes */
	uint32_t flags;
	uint32_t standin;                /* offset of the NUL-terminated path of gate-standin */
	uint32_t prefix_lengths;         /* bit L: a rule names programs by a prefix of L bytes */
	struct gate_image_table names;   /* struct gate_image_name: open addressing, n a power of two or 0 */
	struct gate_image_table lists;   /* uint32_t: indices into rules, for names and any */
	struct gate_image_table any;     /* uint32_t: indices of the rules for any program */
	struct gate_image_table rules;   /* struct gate_image_span into groups */
	struct gate_image_table groups;  /* struct gate_image_span into words; a rule needs one word of each group */
	struct gate_image_table words;   /* uint32_t: offsets of NUL-terminated keywords, ASCII lower case */
	struct gate_image_table connect; /* struct gate_image_connect */
	struct gate_image_table nets;    /* struct gate_net */
	struct gate_image_table ports;   /* struct gate_ports */
	uint32_t name_filter[GATE_FILTER_NAMES / 32]; /* names, and the programs' gate_hash_number()s */
	uint32_t away_filter[GATE_FILTER_CARRIERS / 32];
	uint32_t script_filter[GATE_FILTER_CARRIERS / 32];
	uint64_t since; /* nanoseconds since the epoch: a file with a later birth time was created in this session */
	uint32_t file_events;             /* bits 1 << EVENT_*: which file events Gate judges */
	uint32_t files;                   /* offset of struct gate_image_files; 0 if file_events is 0 */
	struct gate_image_table programs; /* struct gate_image_program */
	struct gate_image_table own;      /* uint32_t: hashes of names */
};
enum { GATE_IMAGE_HEAD = sizeof(struct gate_image_head) };

struct gate_image_span {
	uint32_t first, n;
};

/* A connect rule that asks or denies.  An empty span matches everything.  The engine checks the programs. */
struct gate_image_connect {
	struct gate_image_span hosts, sockets; /* in words; for gate_choose_host() and gate_choose_path() */
	struct gate_image_span nets, ports;
};

/* A program name, by its hash; rules.n is 0 in an empty slot. */
struct gate_image_name {
	uint32_t hash;
	struct gate_image_span rules; /* in lists */
};

/* A file that rules know by a name.  A process that executes it under another name than its `own` is judged as `path`. */
struct gate_image_program {
	uint64_t ino, size;
	uint64_t start; /* gate_hash_start() of an ELF file with a build id; 0: a copy of it is not known */
	uint32_t dev_major, dev_minor;
	uint32_t path;              /* offset: where PATH has it.  Its last component is the name that rules know */
	struct gate_image_span own; /* in own */
	uint32_t reserved;
};

/* What is known of a file that is about to be executed. */
struct gate_program_file {
	uint64_t ino, size;
	uint64_t start; /* gate_hash_start(); 0: not read */
	uint32_t dev_major, dev_minor;
};

/* The first bytes of a file, which tell it from every other one: a linker puts the build id among them. */
enum { GATE_PROGRAM_START = 4096 };

enum { GATE_IMAGE_SEVERITY_MAX = EVENT_SEVERITY_CRITICAL };

/* The policy for files that no rule matches: gate_keep(8). */
struct gate_image_keep {
	uint64_t max;        /* bytes: a larger file is not copied */
	uint32_t word;       /* enum event_keep */
	uint32_t in_process; /* 0: the session decides each event; an allowed file is kept if `word` says so */
};

/* The data for judging file events.  A process reads it at its first file event. */
struct gate_image_files {
	struct gate_image_keep keep[EVENT_FILE_TYPES]; /* indexed by event, from EVENT_UNLINK */
	uint32_t home;                                 /* offset of the path that ~ stands for; 0: unknown */
	uint32_t reserved;
	struct gate_image_table workspaces; /* uint32_t: offsets of absolute paths */
	struct gate_image_table temporary;  /* likewise */
	struct gate_image_table stores;     /* struct gate_image_store */
	struct gate_image_table rules;      /* struct gate_image_file_rule */
	struct gate_image_table globs;      /* struct gate_image_glob */
	struct gate_image_table words;      /* uint32_t: offsets of globs and names */
	struct gate_image_table keys; /* struct gate_image_name, into globs: open addressing, n a power of two or 0 */
	struct gate_image_span any;   /* in globs: the globs without a key */
};

struct gate_image_store {
	uint32_t dev_major, dev_minor; /* the file system that holds the store */
	uint32_t path;
};

struct gate_image_file_rule {
	uint32_t events;                          /* bits 1 << EVENT_* */
	uint32_t class;                           /* enum gate_class */
	uint32_t severity;                        /* enum event_severity */
	uint32_t outside;                         /* the rule matches only outside the workspaces */
	uint32_t within;                          /* enum event_file_flag: only files with these flags; 0: any */
	struct gate_image_span excepts, programs; /* in words; empty programs: any program */
};

/* A glob of a rule.  Its key is the hash of a component that a matching path must have, or of GATE_HASH_PREFIX_MARK and
 * the ending that the path's last component must have ("*.db"). */
struct gate_image_glob {
	uint32_t text; /* offset; 0: matches every path */
	uint32_t rule;
};

/* How the rules classify a path.  A later class overrides an earlier one. */
enum gate_class {
	GATE_CLASS_NONE = 0,
	GATE_CLASS_ASK,
	GATE_CLASS_KEEP, /* keep it without a question, wherever it is */
	GATE_CLASS_PASS,
	GATE_CLASS_DENY,
	GATE_CLASS_STORE,
};

/* FNV-1a.  The hash of a prefix also covers GATE_HASH_PREFIX_MARK, a byte that no name has. */
enum { GATE_HASH_START = 0x811c9dc5, GATE_HASH_PREFIX_MARK = '*' };

static inline uint32_t gate_hash_byte(uint32_t h, unsigned char c)
{
	return (h ^ c) * 0x01000193u;
}

/* The hash of a program's inode number, or of its size. */
static inline uint32_t gate_hash_number(uint64_t number)
{
	uint32_t h = GATE_HASH_START;
	for (int i = 0; i < 64; i += 8)
		h = gate_hash_byte(h, (unsigned char)(number >> i));
	return h;
}

/* FNV-1a with 64 bits of the first GATE_PROGRAM_START bytes of a file, piece by piece. */
#define GATE_HASH_START_64 0xcbf29ce484222325ull
static inline uint64_t gate_hash_start(uint64_t h, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)bytes[i]) * 0x100000001b3ull;
	return h;
}

/* The name by which rules judge a program, like the engine's name_program(). */
static inline const char *gate_program_name(const char *path)
{
	const char *name = path;
	for (; *path; path++)
		if (*path == '/' && path[1])
			name = path + 1;
	return *name == '-' && name[1] ? name + 1 : name; /* a login shell */
}

/* Test or set the two bits of a hash in a filter of `bits` bits. */
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

/* Does a path glob of a file rule match the absolute `path`?  '*', '?' and [a-z] stay within one component; "**"
 * crosses slashes.  A pattern that starts with '/' or '~' must match the whole path; any other may begin at any
 * component.  '~' stands for `home`; if that is NULL, the pattern matches nothing.  A pattern that ends in '/' matches
 * the directory and everything below it.  Async-signal-safe.  formats/glob.c. */
bool gate_glob(const char *pattern, const char *path, const char *home);

/* Check the head of an image of `size` bytes.  Returns 0, -EINVAL (not an image of this version) or -EBADMSG
 * (truncated).  Async-signal-safe, like gate_image_check().  formats/image_check.c. */
int gate_image_check_head(const struct gate_image_head *head, size_t size);

/* Check a whole image.  Returns 0, -EINVAL (not an image of this version) or -EBADMSG (truncated, or an offset is out
 * of range). */
int gate_image_check(const void *map, size_t len);

/* Stage 1, over a checked head.  Returns false only if no rule can concern this exec.  execfn and argv may be NULL;
 * argv is NULL-terminated and may be empty.  Allocates nothing, leaves errno alone, uses little stack;
 * async-signal-safe. */
bool gate_image_may_concern(const struct gate_image_head *head, const char *execfn, const char *const *argv);

/* Stage 2, the final answer, over a checked image.  Otherwise like stage 1. */
bool gate_image_concerns(const void *map, const char *execfn, const char *const *argv);

/* Is the file a program that rules know by another name than that of `execfn`?  Returns the path of that program, which
 * points into the checked image, or NULL.  Without `start`, *wants_start says that the answer may depend on it.
 * Async-signal-safe.  formats/image_programs.c. */
const char *gate_image_program(const void *map, const struct gate_program_file *f, const char *execfn,
			       bool *wants_start);

/* Is `execfn` a name that a rule of a checked image has?  Then its file does not matter. */
bool gate_image_has_name(const void *map, const char *execfn);

/* gate_image_program() over a checked head.  False is final. */
bool gate_image_may_be_program(const struct gate_image_head *head, const struct gate_program_file *f);

/* Could a rule of a checked image match a connection to `d`?  `path` is a unix socket's resolved path.  `names` are the
 * n names, folded, that the process looked up to get the address.  formats/image_connect.c. */
bool gate_image_concerns_connect(const void *map, const struct gate_dest *d, const char *path,
				 const char names[][GATE_HOST_MAX], size_t n);

struct gate_file_query {
	unsigned event;        /* enum event_type */
	const char *program;   /* base name; NULL: unknown */
	const char *path;      /* absolute */
	unsigned flags;        /* EVENT_FILE_CACHE, _IGNORED, _LOCKED: if known to hold; EVENT_FILE_STRANGER: it does */
	enum gate_class least; /* leave out the rules of lower classes, and with them their severity and wants */
};

struct gate_file_class {
	enum gate_class class;
	unsigned severity; /* of the worst rule that asks */
	unsigned wants;    /* flags that might change the class if they held */
	bool outside;      /* outside every workspace */
};

/* Classify a path by the rules of a checked image that has file events.  GATE_CLASS_PASS also covers files in temporary
 * directories; GATE_CLASS_STORE covers the session's own stores; neither is about EVENT_READ.  Takes about a microsecond; async-signal-safe.
 * formats/image_files.c. */
struct gate_file_class gate_image_classify(const void *map, const struct gate_file_query *q);

/* Return the file tables of a checked image; NULL if it has no file events. */
static inline const struct gate_image_files *gate_image_files(const void *map)
{
	const struct gate_image_head *head = map;
	return head->files ? (const void *)((const char *)map + head->files) : NULL;
}

/* Is `path` equal to `dir` or below it?  formats/image_files.c. */
bool gate_path_is_under(const char *path, const char *dir);

#pragma GCC visibility pop

#endif
