// SPDX-License-Identifier: BSD-2-Clause
package main

import (
	"flag"
	"testing"
)

func TestActs(t *testing.T) {
	acts(flag.Args())
}
