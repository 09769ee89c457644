/* keeper.h - the session's part in what is kept for undo: it makes the stores. */
#ifndef GATESH_KEEPER_H
#define GATESH_KEEPER_H

struct live;

struct keeper {
	char *store;
	const char *stores[2];
};

/* Make the stores of a session whose policy is loaded.  What can't be made is told; then what would be kept is asked about. */
void keeper_open(struct keeper *k, struct live *v);
/* The stores, NULL-terminated. */
const char *const *keeper_stores(const struct keeper *k);
void keeper_close(struct keeper *k);

#endif
