/* SPDX-License-Identifier: BSD-2-Clause */
/* announce_kubectl.c - a kubeconfig of the session: one cluster, which is the address, and a user without anything.  The person's own
 * tells which context is theirs, and its namespace.
 * https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/read_file.h"
#include "broker/announce.h"

enum { KUBECONFIG_MAX = 4 << 20, KUBECTL_NAME_MAX = 254 };

/* A name that is copied into YAML as it is: what Kubernetes and cloud providers use in names. */
static void announce_kubectl_copy(const char *s, size_t n, char out[KUBECTL_NAME_MAX])
{
	while (n && (s[n - 1] == '\r' || isblank((unsigned char)s[n - 1])))
		n--;
	while (n && isblank((unsigned char)*s)) {
		s++;
		n--;
	}
	if (n > 1 && (*s == '"' || *s == '\'') && s[n - 1] == *s) {
		s++;
		n -= 2;
	}
	bool fits = n && n < KUBECTL_NAME_MAX && (isalnum((unsigned char)*s) || *s == '_');
	for (size_t i = 0; fits && i < n; i++)
		fits = isalnum((unsigned char)s[i]) || strchr("-_./@:", s[i]);
	memcpy(out, s, fits ? n : 0);
	out[fits ? n : 0] = '\0';
}

/* Does the line, behind its blanks and the dash of a list, have this key?  *value: what follows, to the line's end. */
static bool announce_kubectl_key(const char *line, const char *key, const char **value, size_t *n)
{
	line += strspn(line, " -");
	size_t k = strlen(key);
	if (strncmp(line, key, k) || line[k] != ':')
		return false;
	*value = line + k + 1;
	*n = strcspn(*value, "\n");
	return true;
}

/* The namespace of a context, in the form in which kubectl writes the file. */
static void announce_kubectl_namespace(const char *text, const char *context, char namespace[KUBECTL_NAME_MAX])
{
	char name[KUBECTL_NAME_MAX] = "", found[KUBECTL_NAME_MAX] = "";
	const char *value, *next;
	bool inside = false;
	size_t n;
	for (const char *line = text; line; line = next) {
		next = strchr(line, '\n');
		next = next ? next + 1 : NULL;
		bool top = isalpha((unsigned char)*line);
		inside = top ? !strncmp(line, "contexts:", 9) : inside;
		if (!inside)
			continue;
		if (*line == '-')
			*name = *found = '\0';
		if (announce_kubectl_key(line, "namespace", &value, &n))
			announce_kubectl_copy(value, n, found);
		if (announce_kubectl_key(line, "name", &value, &n))
			announce_kubectl_copy(value, n, name);
		if (*name && *found && !strcmp(name, context))
			strcpy(namespace, found);
	}
}

/* The person's context, from the first file of KUBECONFIG or from ~/.kube/config. */
static void announce_kubectl_context(char context[KUBECTL_NAME_MAX], char namespace[KUBECTL_NAME_MAX])
{
	const char *named = getenv("KUBECONFIG"), *home = getenv("HOME"), *value;
	cleanup_strbuf struct strbuf text = {0};
	char path[PATH_MAX];
	size_t n;
	if (named && *named)
		snprintf(path, sizeof path, "%.*s", (int)strcspn(named, ":"), named);
	else
		snprintf(path, sizeof path, "%s/.kube/config", home ? home : "");
	if (read_file(path, KUBECONFIG_MAX, &text, NULL) || !text.s)
		return;
	for (const char *line = text.s; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (!strncmp(line, "current-context:", 16) && announce_kubectl_key(line, "current-context", &value, &n))
			announce_kubectl_copy(value, n, context);
	if (*context)
		announce_kubectl_namespace(text.s, context, namespace);
	explicit_bzero(text.s, text.cap); /* it may hold the person's own credentials */
}

int announce_kubectl(const char *address, const char *name, const char *dir)
{
	cleanup_strbuf struct strbuf text = {0};
	char context[KUBECTL_NAME_MAX] = "", namespace[KUBECTL_NAME_MAX] = "";
	announce_kubectl_context(context, namespace);
	strbuf_printf(
		&text,
		"apiVersion: v1\nkind: Config\nclusters:\n- name: %s\n  cluster:\n    server: %s\nusers:\n- name: %s\n"
		"  user: {}\ncontexts:\n- name: \"%s\"\n  context:\n    cluster: %s\n    user: %s\n",
		name, address, name, *context ? context : name, name, name);
	if (*namespace)
		strbuf_printf(&text, "    namespace: \"%s\"\n", namespace);
	strbuf_printf(&text, "current-context: \"%s\"\n", *context ? context : name);
	return announce_file(dir, "kubeconfig", &text, "KUBECONFIG");
}
