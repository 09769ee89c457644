/* SPDX-License-Identifier: BSD-2-Clause */
/* announce_aws.c - AWS's command line and libraries: an address in place of every endpoint, two files of their own, and a sentinel for a
 * key.  https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/read_file.h"
#include "broker/announce.h"
#include "principal/secret_text.h"

#define SENTINEL_ID "AKIAGATESENTINEL2345"
#define SENTINEL_SECRET "gate-sentinel-that-no-server-honours-234"

enum { CONFIG_MAX = 1 << 20 };

/* The region of the person's profile, from their own file. */
static void announce_aws_read_region(char *region, size_t size)
{
	const char *file = getenv("AWS_CONFIG_FILE"), *home = getenv("HOME"), *profile = getenv("AWS_PROFILE");
	char path[PATH_MAX], key[256];
	cleanup_strbuf struct strbuf text = {0};
	profile = profile ? profile : getenv("AWS_DEFAULT_PROFILE");
	snprintf(path, sizeof path, "%s%s", file ? file : home ? home : "", file ? "" : "/.aws/config");
	snprintf(key, sizeof key, "%s%s.region", profile ? "profile " : "default", profile ? profile : "");
	if (read_file(path, CONFIG_MAX, &text, NULL) || !text.s ||
	    secret_text_find(text.s, text.len, key, region, size))
		*region = '\0';
}

static void announce_aws_region(char *region, size_t size)
{
	const char *named = getenv("AWS_REGION");
	named = named && *named ? named : getenv("AWS_DEFAULT_REGION");
	if (named && *named)
		snprintf(region, size, "%s", named);
	else
		announce_aws_read_region(region, size);
}

int announce_aws(const char *address, const char *dir)
{
	/* Other ways to a credential, or to another profile than the one of these files. */
	static const char *const away[] = {"AWS_SESSION_TOKEN",
					   "AWS_PROFILE",
					   "AWS_DEFAULT_PROFILE",
					   "AWS_WEB_IDENTITY_TOKEN_FILE",
					   "AWS_ROLE_ARN",
					   "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
					   "AWS_ROLE_SESSION_NAME",
					   "AWS_CONTAINER_CREDENTIALS_FULL_URI",
					   "AWS_CONTAINER_AUTHORIZATION_TOKEN"};
	cleanup_strbuf struct strbuf config = {0}, credentials = {0};
	char region[64];
	announce_aws_region(region, sizeof region);
	strbuf_puts(&config, "[default]\n");
	if (*region)
		strbuf_printf(&config, "region = %s\n", region);
	strbuf_printf(&config, "endpoint_url = %s\ns3 =\n  addressing_style = path\n  signature_version = s3v4\n",
		      address);
	strbuf_puts(&credentials,
		    "[default]\naws_access_key_id = " SENTINEL_ID "\naws_secret_access_key = " SENTINEL_SECRET "\n");
	for (size_t i = 0; i < sizeof away / sizeof *away; i++)
		unsetenv(away[i]);
	if (setenv("AWS_ENDPOINT_URL", address, 1) || setenv("AWS_ACCESS_KEY_ID", SENTINEL_ID, 1) ||
	    setenv("AWS_SECRET_ACCESS_KEY", SENTINEL_SECRET, 1) || setenv("AWS_EC2_METADATA_DISABLED", "true", 1))
		return -errno;
	int err = announce_file(dir, "aws-config", &config, "AWS_CONFIG_FILE");
	return err ? err : announce_file(dir, "aws-credentials", &credentials, "AWS_SHARED_CREDENTIALS_FILE");
}
