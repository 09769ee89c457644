/* dialog.h - one question in front of a person: what the keys do to it.  Drawing is prompt.h's. */
#ifndef GATESH_FRONT_DIALOG_H
#define GATESH_FRONT_DIALOG_H

#include <gate.h>

#include "term/keys.h"

enum dialog_mode { DIALOG_CHOOSE, DIALOG_SENTENCE };

struct dialog {
	enum dialog_mode mode;
	char text[512]; /* the sentence, or the word being typed; UTF-8 */
	size_t len;
	bool wrong; /* Enter was pressed on another word */
	int page;   /* of the long form; 0: the short form */
	int pages;  /* how many the last drawing of the long form had */
};

enum dialog_result { DIALOG_SAME, DIALOG_CHANGED, DIALOG_ANSWERED };

/* What `key` does.  DIALOG_ANSWERED fills answer->choice and ->text.  A burst of keys or a paste never answers; into
 * the sentence it is text. */
enum dialog_result dialog_key(struct dialog *d, const struct gate_question *q, const struct key *key,
			      struct gate_answer *answer);

/* Is this key offered?  (A typed word may begin with it.) */
bool dialog_offers(const struct gate_question *q, char key);

#endif
