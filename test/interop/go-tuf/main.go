// The command line of tuf-conformance over go-tuf. The trusted root is kept apart from what the
// repository sends. With "questions" it answers function vectors instead: see questions.go.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata/config"
	"github.com/theupdateframework/go-tuf/v2/metadata/updater"
)

type options struct {
	now         time.Time
	metadataDir string
	metadataURL string
	targetDir   string
	targetURL   string
	targets     []string
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var given options
	// faketime does not reach a Go program, which asks the kernel and not the C library.
	flag.Func("now", "seconds since 1970 at which the command runs", func(text string) (err error) {
		var seconds int64
		_, err = fmt.Sscan(text, &seconds)
		given.now = time.Unix(seconds, 0).UTC()
		return err
	})
	flag.StringVar(&given.metadataDir, "metadata-dir", "", "")
	flag.StringVar(&given.metadataURL, "metadata-url", "", "")
	flag.StringVar(&given.targetDir, "target-dir", "", "")
	flag.StringVar(&given.targetURL, "target-base-url", "", "")
	flag.Func("target-name", "", func(name string) error {
		given.targets = append(given.targets, name)
		return nil
	})
	flag.Parse()
	anchor := filepath.Join(given.metadataDir, "anchor")
	switch flag.Arg(0) {
	case "questions":
		return answerQuestions(os.Stdin, os.Stdout)
	case "init":
		root, err := os.ReadFile(flag.Arg(1))
		if err != nil {
			return err
		}
		return os.WriteFile(anchor, root, 0o600)
	case "refresh", "download":
		root, err := os.ReadFile(anchor)
		if err != nil {
			return err
		}
		return update(given, root)
	}
	return errors.New("init ROOT, refresh, download or questions")
}

func update(given options, root []byte) error {
	settings, err := config.New(given.metadataURL, root)
	if err != nil {
		return err
	}
	settings.LocalMetadataDir = given.metadataDir
	settings.LocalTargetsDir = given.targetDir
	if given.targetDir == "" {
		// The library makes the folder, and has no command without one.
		settings.LocalTargetsDir = given.metadataDir
	}
	settings.RemoteTargetsURL = given.targetURL
	client, err := updater.New(settings)
	if err != nil {
		return err
	}
	if !given.now.IsZero() {
		client.UnsafeSetRefTime(given.now)
	}
	if err := client.Refresh(); err != nil {
		return err
	}
	for _, name := range given.targets {
		if err := download(client, given.targetDir, name); err != nil {
			return err
		}
	}
	return nil
}

func download(client *updater.Updater, folder, name string) error {
	target, err := client.GetTargetInfo(name)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, url.QueryEscape(name))
	if kept, _, err := client.FindCachedTarget(target, path); err != nil || kept != "" {
		return err
	}
	_, _, err = client.DownloadTarget(target, path, "")
	return err
}
