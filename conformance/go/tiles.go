package main

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// tiles reads tiles from a directory. C2SP leaves the tile height out of the path that x/mod puts it in.
type tiles struct {
	dir  string
	read map[string][]byte
}

func (t tiles) Height() int                     { return tileHeight }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) (found [][]byte, err error) {
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		path = strings.Replace(path, "tile/8/", "tile/", 1)
		if t.read[path] == nil {
			if t.read[path], err = os.ReadFile(filepath.Join(t.dir, path)); err != nil {
				return nil, err
			}
		}
		found = append(found, t.read[path])
	}
	return found, nil
}
