/* SPDX-License-Identifier: BSD-2-Clause */
/* credential.c - tells credentials from other values of environment variables. */
#include "principal/credential.h"

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>
#include <strings.h>

/* The letters of a token after its prefix. */
enum alphabet { LETTERS_DIGITS, WORD, WORD_DASH, UPPER_DIGITS, HEX };

enum { STRONG_MIN = 20 };

struct shape {
	const char *prefix;
	enum alphabet alphabet;
	size_t least; /* letters after the prefix */
};

/* The prefixes are the issuers' own, from their documentation. */
static const struct shape shapes[] = {
	{"ghp_", WORD, 20},
	{"gho_", WORD, 20},
	{"ghu_", WORD, 20},
	{"ghs_", WORD, 20},
	{"ghr_", WORD, 20},
	{"github_pat_", WORD, 40},
	{"glpat-", WORD_DASH, 20},
	{"gldt-", WORD_DASH, 20},
	{"npm_", LETTERS_DIGITS, 36},
	{"pypi-", WORD_DASH, 20},
	{"AKIA", UPPER_DIGITS, 16},
	{"ASIA", UPPER_DIGITS, 16},
	{"AIza", WORD_DASH, 35},
	{"ya29.", WORD_DASH, 20},
	{"sk_live_", WORD, 20},
	{"sk_test_", WORD, 20},
	{"rk_live_", WORD, 20},
	{"sk-", WORD_DASH, 20},
	{"xoxa-", WORD_DASH, 20},
	{"xoxb-", WORD_DASH, 20},
	{"xoxp-", WORD_DASH, 20},
	{"xoxr-", WORD_DASH, 20},
	{"xoxs-", WORD_DASH, 20},
	{"xapp-", WORD_DASH, 20},
	{"hooks.slack.com/services/", WORD_DASH, 8},
	{"hvs.", WORD_DASH, 20},
	{"hvb.", WORD_DASH, 20},
	{"dop_v1_", HEX, 40},
	{"dapi", HEX, 32},
	{"hf_", LETTERS_DIGITS, 30},
	{"gsk_", LETTERS_DIGITS, 30},
	{"r8_", LETTERS_DIGITS, 30},
	{"shpat_", HEX, 32},
	{"lin_api_", LETTERS_DIGITS, 30},
	{"sntrys_", WORD_DASH, 30},
	{"dckr_pat_", WORD_DASH, 20},
	{"SG.", WORD_DASH, 16},
};

/* A name that ends in one of these words, or has _B64 after it, names a secret. */
static const char *const words[] = {
	"TOKEN",      "SECRET",         "SSHPASS",     "PASSWD",  "PWD",          "PASS",        "CRED",
	"CREDS",      "CREDENTIAL",     "CREDENTIALS", "APIKEY",  "API_KEY",      "ACCESS_KEY",  "ACCESS_KEY_ID",
	"SECRET_KEY", "AUTH",           "AUTH_CONFIG", "AGE_KEY", "SERVICE_ROLE", "PRIVATE_KEY", "SECRET_KEY_BASE",
	"MASTER_KEY", "ENCRYPTION_KEY", "SIGNING_KEY"};

/* Names of those words that hold none: what browsers get is public, a socket and a program are not secrets. */
static const char *const public_names[] = {"PWD",         "OLDPWD",        "SSH_AUTH_SOCK", "XDG_ACTIVATION_TOKEN",
					   "GOAUTH",      "*_ASKPASS*",    "NEXT_PUBLIC_*", "VITE_*",
					   "REACT_APP_*", "EXPO_PUBLIC_*", "PUBLIC_*",      "NUXT_PUBLIC_*",
					   "GATSBY_*"};

#define LENGTH(list) (sizeof(list) / sizeof *(list))

static bool credential_in_alphabet(unsigned char c, enum alphabet a)
{
	switch (a) {
	case LETTERS_DIGITS: return isalnum(c);
	case WORD: return isalnum(c) || c == '_';
	case WORD_DASH: return isalnum(c) || c == '_' || c == '-';
	case UPPER_DIGITS: return isupper(c) || isdigit(c);
	case HEX: return isxdigit(c);
	}
	return false;
}

static size_t credential_run(const char *s, enum alphabet a)
{
	size_t n = 0;
	while (credential_in_alphabet((unsigned char)s[n], a))
		n++;
	return n;
}

static bool credential_is_public(const char *name)
{
	for (size_t i = 0; i < LENGTH(public_names); i++)
		if (!fnmatch(public_names[i], name, 0))
			return true;
	return false;
}

/* Nothing to hide: empty, a switch, a number, a path, a URL without a user and a query. */
static bool credential_is_plain(const char *v)
{
	static const char *const switches[] = {"", "true", "false", "yes", "no", "on", "off"};
	for (size_t i = 0; i < LENGTH(switches); i++)
		if (!strcasecmp(v, switches[i]))
			return true;
	if (v[strspn(v, "0123456789")] == '\0' || !strncmp(v, "unix:", 5))
		return true;
	if (!strncmp(v, "http://", 7) || !strncmp(v, "https://", 8))
		return !strpbrk(v, "@?");
	if (*v != '/')
		return false;
	for (const char *c = v; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("/._- ", *c))
			return false;
	return true;
}

static bool credential_named(const char *name)
{
	size_t n = strlen(name);
	if (n > 4 && !strcasecmp(name + n - 4, "_B64"))
		n -= 4;
	if (n >= 8 && !strncasecmp(name + n - 8, "PASSWORD", 8)) /* PGPASSWORD */
		return true;
	for (size_t i = 0; i < LENGTH(words); i++) {
		size_t w = strlen(words[i]);
		if (n >= w && !strncasecmp(name + n - w, words[i], w) && (n == w || name[n - w - 1] == '_'))
			return true;
	}
	return false;
}

static bool credential_is_local_key(const char *v)
{
	const char *pem = strstr(v, "-----BEGIN ");
	return (pem && strstr(pem, "PRIVATE KEY")) || strstr(v, "AGE-SECRET-KEY-1");
}

/* Three parts of base64url, of which the first two begin a JSON object.  Only the signature is secret. */
static bool credential_jwt(const char *v, struct credential *c)
{
	for (const char *s = v; (s = strstr(s, "eyJ")); s++) {
		size_t header = credential_run(s, WORD_DASH);
		const char *claims = s + header + 1;
		size_t n = s[header] == '.' && !strncmp(claims, "eyJ", 3) ? credential_run(claims, WORD_DASH) : 0;
		if (header < 11 || n < 8 || claims[n] != '.')
			continue;
		size_t signature = credential_run(claims + n + 1, WORD_DASH);
		if (signature < 10)
			continue;
		c->from = (size_t)(claims + n + 1 - v);
		c->to = c->from + signature;
		return true;
	}
	return false;
}

/* SCHEME://USER:PASSWORD@HOST */
static bool credential_url(const char *v, struct credential *c)
{
	for (const char *s = v; (s = strstr(s, "://")); s += 3) {
		const char *user = s + 3, *password = user + strcspn(user, ":/@ \t\n");
		if (*password != ':')
			continue;
		const char *end = password + 1 + strcspn(password + 1, "/@ \t\n");
		if (*end != '@' || end == password + 1)
			continue;
		c->from = (size_t)(password + 1 - v);
		c->to = (size_t)(end - v);
		return true;
	}
	return false;
}

static bool credential_token(const char *v, struct credential *c)
{
	for (size_t i = 0; i < LENGTH(shapes); i++) {
		size_t n = strlen(shapes[i].prefix);
		for (const char *s = v; (s = strstr(s, shapes[i].prefix)); s++) {
			size_t run = credential_run(s + n, shapes[i].alphabet);
			if ((s > v && (isalnum((unsigned char)s[-1]) || s[-1] == '_')) || run < shapes[i].least)
				continue;
			c->from = (size_t)(s + n - v);
			c->to = c->from + strcspn(s + n, " \t\n\"'`,;&|<>");
			return true;
		}
	}
	return false;
}

/* Several values in one: which part is secret can't be told by the text alone. */
static bool credential_is_composite(const char *name, const char *v)
{
	size_t n = strlen(name);
	if (n > 4 && !strcasecmp(name + n - 4, "_B64"))
		return true;
	return *v == '{' || *v == '[' || strstr(v, "AccountKey=") || strstr(v, "SharedAccessKey=") || strchr(v, '\n');
}

static bool credential_has_json_secret(const char *v)
{
	return *v == '{' && (strstr(v, "\"auth\":") || strstr(v, "\"private_key\":"));
}

static size_t credential_letters(const char *v, const struct credential *c)
{
	size_t n = 0;
	for (size_t i = c->from; i < c->to; i++)
		n += isalnum((unsigned char)v[i]) != 0;
	return n;
}

struct credential credential_in(const char *name, const char *value)
{
	struct credential c = {.from = 0, .to = strlen(value)};
	bool named = credential_named(name) && !credential_is_plain(value);
	if (credential_is_public(name))
		return (struct credential){.kind = CREDENTIAL_NONE};
	if (credential_is_local_key(value))
		c.kind = CREDENTIAL_LOCAL_KEY;
	else if (credential_has_json_secret(value) || strstr(value, "AccountKey=") ||
		 strstr(value, "SharedAccessKey=") || (named && credential_is_composite(name, value)))
		c.kind = CREDENTIAL_COMPOSITE;
	else if (credential_url(value, &c))
		c.kind = CREDENTIAL_URL;
	else if (credential_jwt(value, &c))
		c.kind = CREDENTIAL_JWT;
	else if (credential_token(value, &c))
		c.kind = CREDENTIAL_TOKEN;
	else if (named)
		c.kind = CREDENTIAL_SECRET;
	else
		return (struct credential){.kind = CREDENTIAL_NONE};
	c.strong =
		(c.kind == CREDENTIAL_TOKEN || c.kind == CREDENTIAL_JWT) && credential_letters(value, &c) >= STRONG_MIN;
	return c;
}

const char *credential_kind_name(enum credential_kind kind)
{
	static const char *const names[] = {[CREDENTIAL_NONE] = "none",
					    [CREDENTIAL_TOKEN] = "token",
					    [CREDENTIAL_JWT] = "JSON web token",
					    [CREDENTIAL_URL] = "password in a URL",
					    [CREDENTIAL_SECRET] = "secret, by its name",
					    [CREDENTIAL_COMPOSITE] = "several values in one",
					    [CREDENTIAL_LOCAL_KEY] = "private key"};
	return names[kind];
}
