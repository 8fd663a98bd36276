package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
)

// mirror verifies cosignature/v1 (0x04) lines, which x/mod does not know.
type mirror struct {
	name   string
	id     uint32
	public ed25519.PublicKey
}

func (m mirror) Name() string    { return m.name }
func (m mirror) KeyHash() uint32 { return m.id }

func (m mirror) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), text)
	return ed25519.Verify(m.public, []byte(signed), sig[8:])
}

func parseMirror(vkey string) mirror {
	parts := strings.SplitN(vkey, "+", 3)
	must(len(parts) == 3, "not a verifier key: %q", vkey)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	check(err, "reading a mirror's key")
	must(len(key) == 1+ed25519.PublicKeySize && key[0] == 0x04, "not a key of kind 0x04: %q", vkey)
	id := sha256.Sum256([]byte(parts[0] + "\n" + string(key)))
	must(parts[1] == fmt.Sprintf("%x", id[:4]), "wrong key id: %q", vkey)
	return mirror{parts[0], binary.BigEndian.Uint32(id[:4]), ed25519.PublicKey(key[1:])}
}
