// go-tuf, as its users write it: a refresh and one search. Its argument is the task of
// bench/task.ts.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/theupdateframework/go-tuf/v2/metadata/config"
	"github.com/theupdateframework/go-tuf/v2/metadata/updater"
)

type task struct {
	MetadataURL string `json:"metadataUrl"`
	TargetsURL  string `json:"targetsUrl"`
	Root        string `json:"root"`
	Store       string `json:"store"`
	Find        string `json:"find"`
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	report()
}

func run(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var given task
	if err := json.Unmarshal(text, &given); err != nil {
		return err
	}
	root, err := os.ReadFile(given.Root)
	if err != nil {
		return err
	}
	settings, err := config.New(given.MetadataURL, root)
	if err != nil {
		return err
	}
	settings.LocalMetadataDir = given.Store
	settings.LocalTargetsDir = given.Store
	settings.RemoteTargetsURL = given.TargetsURL
	settings.SnapshotMaxLength = 8_000_000
	settings.TargetsMaxLength = 32_000_000
	client, err := updater.New(settings)
	if err != nil {
		return err
	}
	if err := client.Refresh(); err != nil {
		return err
	}
	_, err = client.GetTargetInfo(given.Find)
	return err
}

// As bench/usage.ts does: CPU milliseconds of all threads, and the peak of the memory.
func report() {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	cpu := float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
	fmt.Printf("{\"cpu\":%g,\"peak\":%d}\n", cpu, peak())
}

// Linux hands the peak of the process that spawned this one down to Maxrss.
func peak() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kilobytes int64
	for line := range strings.Lines(string(status)) {
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); n == 1 {
			break
		}
	}
	return 1024 * kilobytes
}
