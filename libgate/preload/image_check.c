/* image_check.c - is it a whole policy image?  Nothing of one is used before; see image.h. */
#include "image.h"

#include <errno.h>

static bool table_fits(const struct gate_image_head *head, struct gate_image_table t, size_t entry)
{
	return t.at % 4 == 0 && t.at >= GATE_IMAGE_HEAD && t.at <= head->size && t.n <= (head->size - t.at) / entry;
}

static bool span_fits(struct gate_image_span s, uint32_t n)
{
	return s.first <= n && s.n <= n - s.first;
}

int gate_image_check_head(const struct gate_image_head *head, size_t size)
{
	static const char magic[sizeof head->magic] = GATE_IMAGE_MAGIC;
	if (size < GATE_IMAGE_HEAD)
		return -EBADMSG;
	for (size_t i = 0; i < sizeof magic; i++)
		if (head->magic[i] != magic[i])
			return -EINVAL;
	if (head->version != GATE_IMAGE_VERSION || head->size > GATE_IMAGE_MAX)
		return -EINVAL;
	return head->size == size ? 0 : -EBADMSG;
}

static const void *table(const struct gate_image_head *head, struct gate_image_table t)
{
	return (const char *)head + t.at;
}

static bool indices_fit(const struct gate_image_head *head, struct gate_image_table t, uint32_t limit)
{
	const uint32_t *v = table(head, t);
	for (uint32_t i = 0; i < t.n; i++)
		if (v[i] >= limit)
			return false;
	return true;
}

static bool spans_fit(const struct gate_image_head *head, struct gate_image_table t, uint32_t limit)
{
	const struct gate_image_span *v = table(head, t);
	for (uint32_t i = 0; i < t.n; i++)
		if (!span_fits(v[i], limit))
			return false;
	return true;
}

static bool connect_fits(const struct gate_image_head *head)
{
	if (!table_fits(head, head->connect, sizeof(struct gate_image_connect)) ||
	    !table_fits(head, head->nets, sizeof(struct gate_net)) || !table_fits(head, head->ports, sizeof(struct gate_ports)))
		return false;
	const struct gate_image_connect *rules = table(head, head->connect);
	for (uint32_t i = 0; i < head->connect.n; i++)
		if (!span_fits(rules[i].hosts, head->words.n) || !span_fits(rules[i].sockets, head->words.n) ||
		    !span_fits(rules[i].nets, head->nets.n) || !span_fits(rules[i].ports, head->ports.n))
			return false;
	const struct gate_net *nets = table(head, head->nets);
	for (uint32_t i = 0; i < head->nets.n; i++)
		if (nets[i].bits > 8 * sizeof nets[i].ip)
			return false;
	return true;
}

int gate_image_check(const void *map, size_t len)
{
	const struct gate_image_head *head = map;
	int err = gate_image_check_head(head, len);
	if (err)
		return err;
	if (!table_fits(head, head->names, sizeof(struct gate_image_name)) || head->names.n & (head->names.n - 1) ||
	    !table_fits(head, head->lists, 4) || !table_fits(head, head->any, 4) || !table_fits(head, head->words, 4) ||
	    !table_fits(head, head->rules, sizeof(struct gate_image_span)) ||
	    !table_fits(head, head->groups, sizeof(struct gate_image_span)))
		return -EBADMSG;
	const struct gate_image_name *names = table(head, head->names);
	for (uint32_t i = 0; i < head->names.n; i++)
		if (!span_fits(names[i].rules, head->lists.n))
			return -EBADMSG;
	if (!indices_fit(head, head->lists, head->rules.n) || !indices_fit(head, head->any, head->rules.n) ||
	    !spans_fit(head, head->rules, head->groups.n) || !spans_fit(head, head->groups, head->words.n) ||
	    !indices_fit(head, head->words, head->size) || head->gate_exec < GATE_IMAGE_HEAD ||
	    head->gate_exec >= head->size)
		return -EBADMSG;
	if (!connect_fits(head))
		return -EBADMSG;
	/* Every string ends: the image does. */
	return ((const char *)map)[head->size - 1] == '\0' ? 0 : -EBADMSG;
}
