/* SPDX-License-Identifier: BSD-2-Clause */
/* crypto_module.c - the functions of gate-crypto.so. */
#include "crypto/crypto.h"

#pragma GCC visibility push(default)
const struct crypto gate_crypto = {
	.hmac = crypto_hmac,
	.mac = crypto_mac,
	.sha256 = crypto_sha256,
	.sign = crypto_sign,
	.settings = upstream_settings,
	.settings_with = upstream_settings_with,
	.settings_free = upstream_settings_free,
	.open = upstream_open,
	.close = upstream_close,
	.send = upstream_send,
	.send_all = upstream_send_all,
	.receive = upstream_receive,
	.pending = upstream_pending,
};
#pragma GCC visibility pop
