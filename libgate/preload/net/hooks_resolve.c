/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_resolve.c - the hooks of the calls that turn names into addresses.  They call libc's and remember the
 * results. */
#include <netdb.h>
#include <netinet/in.h>

#include "preload/base/hooks.h"
#include "preload/base/process_state.h"
#include "preload/base/seam_client.h"
#include "preload/net/connect_judge.h"

/* libc connects by itself to find and to sort addresses; the session must not take that for the program's wish.  Returns
 * whether it was told. */
static bool hooks_resolve_begin(void)
{
	return state.seam && connect_judge_judges() && !seam_request(SEAM_LOOKUP_BEGINS);
}

static void hooks_resolve_end(bool begun)
{
	int err = *hook_errno();
	if (begun)
		seam_request(SEAM_LOOKUP_ENDS);
	*hook_errno() = err;
}

static void hooks_resolve_remember(const char *name, const void *address, size_t len)
{
	char folded[GATE_HOST_MAX];
	struct gate_dest d;
	struct connect_judge *n;
	if (!name || !gate_dest_of(address, len, &d) || d.family == AF_UNIX || gate_host_is_address(name) ||
	    !gate_host_fold(folded, name) || !(n = connect_judge_state()))
		return;
	dns_names_add(&n->names, d.ip, folded);
}

static void hooks_resolve_remember_list(const char *name, const struct addrinfo *list)
{
	for (; connect_judge_judges() && list; list = list->ai_next)
		hooks_resolve_remember(name, list->ai_addr, list->ai_addrlen);
}

static void hooks_resolve_remember_host(const char *name, const struct hostent *h)
{
	if (!connect_judge_judges() || !h)
		return;
	for (char *const *a = h->h_addr_list; a && *a; a++) {
		struct sockaddr_in four = {.sin_family = AF_INET};
		struct sockaddr_in6 six = {.sin6_family = AF_INET6};
		if (h->h_addrtype == AF_INET && h->h_length == sizeof four.sin_addr) {
			__builtin_memcpy(&four.sin_addr, *a, sizeof four.sin_addr);
			hooks_resolve_remember(name, &four, sizeof four);
		} else if (h->h_addrtype == AF_INET6 && h->h_length == sizeof six.sin6_addr) {
			__builtin_memcpy(&six.sin6_addr, *a, sizeof six.sin6_addr);
			hooks_resolve_remember(name, &six, sizeof six);
		}
	}
}

HOOK int getaddrinfo(const char *restrict node, const char *restrict service, const struct addrinfo *restrict hints,
		     struct addrinfo **restrict list)
{
	static int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
	if (!next)
		next = hook_next("getaddrinfo");
	bool begun = hooks_resolve_begin();
	int ret = next(node, service, hints, list);
	hooks_resolve_end(begun);
	if (!ret)
		hooks_resolve_remember_list(node, *list);
	return ret;
}

HOOK struct hostent *gethostbyname(const char *name)
{
	static struct hostent *(*next)(const char *);
	if (!next)
		next = hook_next("gethostbyname");
	bool begun = hooks_resolve_begin();
	struct hostent *h = next(name);
	hooks_resolve_end(begun);
	hooks_resolve_remember_host(name, h);
	return h;
}

HOOK struct hostent *gethostbyname2(const char *name, int family)
{
	static struct hostent *(*next)(const char *, int);
	if (!next)
		next = hook_next("gethostbyname2");
	bool begun = hooks_resolve_begin();
	struct hostent *h = next(name, family);
	hooks_resolve_end(begun);
	hooks_resolve_remember_host(name, h);
	return h;
}

HOOK int gethostbyname_r(const char *restrict name, struct hostent *restrict space, char *restrict buf, size_t size,
			 struct hostent **restrict result, int *restrict err)
{
	static int (*next)(const char *, struct hostent *, char *, size_t, struct hostent **, int *);
	if (!next)
		next = hook_next("gethostbyname_r");
	bool begun = hooks_resolve_begin();
	int ret = next(name, space, buf, size, result, err);
	hooks_resolve_end(begun);
	if (!ret)
		hooks_resolve_remember_host(name, *result);
	return ret;
}

HOOK int gethostbyname2_r(const char *restrict name, int family, struct hostent *restrict space, char *restrict buf,
			  size_t size, struct hostent **restrict result, int *restrict err)
{
	static int (*next)(const char *, int, struct hostent *, char *, size_t, struct hostent **, int *);
	if (!next)
		next = hook_next("gethostbyname2_r");
	bool begun = hooks_resolve_begin();
	int ret = next(name, family, space, buf, size, result, err);
	hooks_resolve_end(begun);
	if (!ret)
		hooks_resolve_remember_host(name, *result);
	return ret;
}

static void hooks_resolve_remember_request(const struct gaicb *r)
{
	if (r)
		hooks_resolve_remember_list(r->ar_name, r->ar_result);
}

/* If the call does not wait, its results are read when the program learns that a request has ended: gai_error() or
 * gai_suspend(). */
HOOK int getaddrinfo_a(int mode, struct gaicb *list[restrict], int n, struct sigevent *restrict event)
{
	static int (*next)(int, struct gaicb **, int, struct sigevent *);
	if (!next)
		next = hook_next("getaddrinfo_a");
	int ret = next(mode, list, n, event);
	for (int i = 0; mode == GAI_WAIT && i < n; i++)
		hooks_resolve_remember_request(list[i]);
	return ret;
}

static int hooks_resolve_error_of(struct gaicb *request)
{
	static int (*next)(struct gaicb *);
	if (!next)
		next = hook_next("gai_error");
	int ret = next(request);
	if (!ret)
		hooks_resolve_remember_request(request);
	return ret;
}

HOOK int gai_error(struct gaicb *request)
{
	return hooks_resolve_error_of(request);
}

HOOK int gai_suspend(const struct gaicb *const list[], int n, const struct timespec *timeout)
{
	static int (*next)(const struct gaicb *const *, int, const struct timespec *);
	if (!next)
		next = hook_next("gai_suspend");
	int ret = next(list, n, timeout);
	for (int i = 0; i < n; i++)
		if (list[i])
			hooks_resolve_error_of((struct gaicb *)list[i]);
	return ret;
}
