// Command go verifies an exported record with the Go project's own transparency log code.
//
// It shares nothing with Comity but the C2SP specifications. For each party's directory below DIR it reads
//
//	DIR/<party>/vkey        the log's verifier key, Ed25519 (0x01), one line
//	DIR/<party>/checkpoint  the signed checkpoint
//	DIR/<party>/tile/...    the tree and the entries, as in C2SP tlog-tiles
//	DIR/<party>/mirrors     optional: verifier keys (0x04) that must have cosigned, one a line
//
// and checks every signature, every entry against the signed root, the proofs of up to 10,000 entries, and
// that the log extends itself at half its size. It exits with 1 at the first thing that does not hold.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func check(err error, doing string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", doing, err)
		os.Exit(1)
	}
}

func must(ok bool, format string, args ...any) {
	if !ok {
		check(fmt.Errorf(format, args...), "refused")
	}
}

// grown is a tree in memory, stored as x/mod orders its hashes.
type grown []tlog.Hash

func (g grown) ReadHashes(at []int64) (out []tlog.Hash, err error) {
	for _, i := range at {
		out = append(out, g[i])
	}
	return out, nil
}

func (g grown) root(size int64) tlog.Hash {
	if size == 0 {
		return sha256.Sum256(nil) // RFC 6962; x/mod has no root for the empty tree
	}
	root, err := tlog.TreeHash(size, g)
	check(err, "hashing the entries")
	return root
}

// openCheckpoint verifies the log's signature and every mirror's, and reads size and root.
func openCheckpoint(dir string) (origin string, tree tlog.Tree, mirrors int) {
	vkey, err := os.ReadFile(filepath.Join(dir, "vkey"))
	check(err, "reading the log's key")
	log, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	check(err, "reading the log's key")
	verifiers := []note.Verifier{log}
	list, err := os.ReadFile(filepath.Join(dir, "mirrors"))
	must(err == nil || os.IsNotExist(err), "cannot read mirrors: %v", err)
	for _, line := range strings.Fields(string(list)) {
		verifiers = append(verifiers, parseMirror(line))
	}
	data, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	check(err, "reading the checkpoint")
	opened, err := note.Open(data, note.VerifierList(verifiers...))
	check(err, "verifying the checkpoint")
	must(len(opened.Sigs) == len(verifiers), "%d of %d signatures are there", len(opened.Sigs), len(verifiers))
	lines := strings.Split(opened.Text, "\n")
	must(len(lines) == 4 && lines[0] == log.Name(), "not a checkpoint of %s", log.Name())
	tree.N, err = strconv.ParseInt(lines[1], 10, 64)
	check(err, "reading the size")
	tree.Hash, err = tlog.ParseHash(lines[2])
	check(err, "reading the root")
	return lines[0], tree, len(verifiers) - 1
}

// hashEntries reads every entry bundle and grows a tree of its own from them.
func hashEntries(t tiles, size int64) (tree grown, leaves []tlog.Hash) {
	for n := int64(0); n < size; n += 1 << tileHeight {
		width := int64(1 << tileHeight)
		if size-n < width {
			width = size - n
		}
		found, err := t.ReadTiles([]tlog.Tile{{H: tileHeight, L: -1, N: n >> tileHeight, W: int(width)}})
		check(err, "reading entries")
		bundle := bytes.NewBuffer(found[0])
		for i := n; i < n+width; i++ {
			must(bundle.Len() >= 2, "the bundle of entry %d is cut short", i)
			length := int(binary.BigEndian.Uint16(bundle.Next(2)))
			must(bundle.Len() >= length, "entry %d is cut short", i)
			leaf := tlog.RecordHash(bundle.Next(length))
			hashes, err := tlog.StoredHashesForRecordHash(i, leaf, tree)
			check(err, "growing the tree")
			tree, leaves = append(tree, hashes...), append(leaves, leaf)
		}
		must(bundle.Len() == 0, "the bundle of entry %d has something left over", n)
	}
	return tree, leaves
}

func verify(dir string) {
	origin, tree, mirrors := openCheckpoint(dir)
	source := tiles{dir, map[string][]byte{}}
	own, leaves := hashEntries(source, tree.N)
	must(own.root(tree.N) == tree.Hash, "the entries do not hash to the signed root")
	reader := tlog.TileHashReader(tree, source)
	step, proven := tree.N/10_000+1, 0
	for n := int64(0); n < tree.N; n += step {
		proof, err := tlog.ProveRecord(tree.N, n, reader)
		check(err, "proving an entry from the tiles")
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaves[n]), "checking an entry's proof")
		proven++
	}
	if half := tree.N / 2; half > 0 {
		proof, err := tlog.ProveTree(tree.N, half, reader)
		check(err, "proving consistency from the tiles")
		check(tlog.CheckTree(proof, tree.N, tree.Hash, half, own.root(half)), "checking consistency")
	}
	fmt.Printf("%s: %d entries, %d proven, %d mirrors, root %v\n", origin, tree.N, proven, mirrors, tree.Hash)
}

func main() {
	must(len(os.Args) == 2, "usage: %s DIR", os.Args[0])
	parties, err := filepath.Glob(filepath.Join(os.Args[1], "*", "checkpoint"))
	check(err, "listing parties")
	must(len(parties) > 0, "no checkpoints below %s", os.Args[1])
	for _, checkpoint := range parties {
		verify(filepath.Dir(checkpoint))
	}
}
