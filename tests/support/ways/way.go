// SPDX-License-Identifier: BSD-2-Clause
// way.go - the acts of way.c, as Go programs do them: os, os/exec with an environment of its own, net.
//
//	way [-C DIR] ACT A B [ACT A B]...
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"time"
)

var errNotHere = errors.New("n/a")

func put(path string, flags int, where int64) error {
	f, err := os.OpenFile(path, flags, 0o666)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteAt([]byte("new"), where)
	return err
}

func run(path, argument string) error {
	command := exec.Command(path, argument)
	command.Env = []string{"OWN=environment"}
	return command.Run()
}

func dial(address, port string) error {
	c, err := net.DialTimeout("tcp", net.JoinHostPort(address, port), 10*time.Second)
	if err == nil {
		c.Close()
	}
	return err
}

func temp() error {
	f, err := os.CreateTemp("own", "t")
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

func act(name, a, b string) error {
	switch name {
	case "make":
		return put(a, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0)
	case "unlink":
		return os.Remove(a)
	case "rename":
		return os.Rename(a, b)
	case "truncate":
		return os.Truncate(a, 1)
	case "overwrite":
		return put(a, os.O_WRONLY|os.O_TRUNC, 0)
	case "inplace":
		return put(a, os.O_WRONLY, 100)
	case "creat":
		return os.WriteFile(a, []byte("new"), 0o666)
	case "exec":
		return run(a, b)
	case "connect":
		return dial(a, b)
	case "temp":
		return temp()
	}
	return errNotHere
}

func acts(args []string) {
	if len(args) > 1 && args[0] == "-C" {
		if err := os.Chdir(args[1]); err != nil {
			panic(err)
		}
		args = args[2:]
	}
	for ; len(args) >= 3; args = args[3:] {
		said := "ok"
		if err := act(args[0], args[1], args[2]); err != nil {
			said = err.Error()
		}
		fmt.Printf("= %s %s: %s\n", args[0], args[1], said)
	}
}

func main() {
	acts(os.Args[1:])
}
