package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/theupdateframework/go-tuf/v2/metadata"
)

// A question is a line of standard input; its answer is a line of standard output.
type question struct {
	Family string                     `json:"family"`
	Input  map[string]json.RawMessage `json:"input"`
}

type answer struct {
	Result string `json:"result"`
	Output any    `json:"output,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// Whatever the library reports as an error is a refusal; a panic ends the program.
func answerQuestions(in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var asked question
		if err := json.Unmarshal(line, &asked); err != nil {
			return err
		}
		text, err := json.Marshal(answerTo(asked))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s\n", text); err != nil {
			return err
		}
	}
}

func answerTo(asked question) answer {
	ask, there := families[asked.Family]
	if !there {
		return answer{Result: "skipped", Reason: "the library has no function for this family"}
	}
	output, err := ask(asked.Input)
	if err != nil {
		return answer{Result: "refused", Reason: err.Error()}
	}
	return answer{Result: "accepted", Output: output}
}

type input = map[string]json.RawMessage

// Files as wholes and spec_version are not here: parsing is half of what the library checks of them,
// and the workflow vectors ask for all of it.
var families = map[string]func(input) (any, error){
	"dates": func(asked input) (any, error) {
		file, err := timestampWith("expires", asked["text"])
		if err != nil {
			return nil, err
		}
		return file.Signed.Expires.UnixMilli(), nil
	},
	"hashes": func(asked input) (any, error) {
		var listed metadata.MetaFiles
		fields, err := json.Marshal(asked)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(fields, &listed); err != nil {
			return nil, err
		}
		content, err := body(asked["content"])
		if err != nil {
			return nil, err
		}
		return nil, listed.VerifyLengthHashes(content)
	},
	"path-patterns": func(asked input) (any, error) {
		role := metadata.DelegatedRole{Name: "role", Paths: []string{word(asked["pattern"])}}
		return role.IsDelegatedPath(word(asked["path"]))
	},
	"hash-bins": func(asked input) (any, error) {
		var delegations metadata.Delegations
		if err := json.Unmarshal(asked["delegations"], &delegations); err != nil {
			return nil, err
		}
		names := []string{}
		for _, role := range delegations.GetRolesForTarget(word(asked["path"])) {
			names = append(names, role.Name)
		}
		return names, nil
	},
}

func timestampWith(name string, value json.RawMessage) (*metadata.Metadata[metadata.TimestampType], error) {
	signed := map[string]any{
		"_type":        "timestamp",
		"spec_version": "1.0.31",
		"version":      1,
		"expires":      "2030-01-01T00:00:00Z",
		"meta":         map[string]any{"snapshot.json": map[string]any{"version": 1}},
	}
	signed[name] = value
	text, err := json.Marshal(map[string]any{"signatures": []any{}, "signed": signed})
	if err != nil {
		return nil, err
	}
	return (&metadata.Metadata[metadata.TimestampType]{}).FromBytes(text)
}

// Text, or base64, or a part that is repeated.
func body(value json.RawMessage) ([]byte, error) {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return []byte(text), nil
	}
	var fields struct {
		Base64 *string `json:"base64"`
		Repeat string  `json:"repeat"`
		Length int     `json:"length"`
	}
	if err := json.Unmarshal(value, &fields); err != nil {
		return nil, err
	}
	if fields.Base64 != nil {
		return base64.StdEncoding.DecodeString(*fields.Base64)
	}
	if fields.Repeat == "" {
		return nil, errors.New("is not a body")
	}
	return []byte(strings.Repeat(fields.Repeat, fields.Length/len(fields.Repeat)+1)[:fields.Length]), nil
}

func word(value json.RawMessage) string {
	var text string
	// The generator writes text here.
	_ = json.Unmarshal(value, &text)
	return text
}
