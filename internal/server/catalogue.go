package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"google.golang.org/grpc"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rpc"
)

// catalogue implements the Catalogue service. Nothing in it changes while the
// Server runs, so that both languages are made at its start.
type catalogue struct {
	weftv1.UnimplementedCatalogueServer
	access
	lists   map[string]*weftv1.GetCatalogueResponse // by language
	entries map[string]string                       // contents by hash
}

// NewCatalogue makes the Catalogue service of components and functions.
func NewCatalogue(a *auth.Auth, components *component.Catalogue, functions *rel.Functions) (weftv1.CatalogueServer, error) {
	c := &catalogue{access: access{a}, lists: map[string]*weftv1.GetCatalogueResponse{}, entries: map[string]string{}}
	for _, lang := range []string{"en", "ru"} {
		if err := c.fill(lang, components, functions); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *catalogue) fill(lang string, components *component.Catalogue, functions *rel.Functions) error {
	out := &weftv1.GetCatalogueResponse{}
	for _, d := range components.All() {
		group, _, _ := strings.Cut(d.Name, ".")
		e := &weftv1.Entry{
			Kind: weftv1.EntryKind_ENTRY_KIND_COMPONENT, Name: d.Name, Version: uint32(d.Version),
			Label: d.Docs.In(lang).Title, Group: group,
		}
		if err := c.add(out, e, describeComponent(d, lang)); err != nil {
			return err
		}
	}
	for _, f := range functions.All() {
		e := &weftv1.Entry{
			Kind: weftv1.EntryKind_ENTRY_KIND_FUNCTION, Name: f.Name, Label: f.Name, Group: f.Category, Keywords: f.Aliases,
		}
		if err := c.add(out, e, describeFunction(f, lang)); err != nil {
			return err
		}
	}
	whole := sha256.New()
	for _, e := range out.Entries {
		whole.Write([]byte(e.GetHash()))
	}
	out.Hash = hex.EncodeToString(whole.Sum(nil))
	c.lists[lang] = out
	return nil
}

// add names an entry by its content. What the list itself says stands in the
// content too, so that the hash of the whole tells of it.
func (c *catalogue) add(to *weftv1.GetCatalogueResponse, e *weftv1.Entry, content any) error {
	text, err := json.Marshal(content)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	e.Hash = hex.EncodeToString(sum[:])
	c.entries[e.Hash] = string(text)
	to.Entries = append(to.Entries, e)
	return nil
}

// GetCatalogue implements weftv1.CatalogueServer.
func (c *catalogue) GetCatalogue(ctx context.Context, r *weftv1.GetCatalogueRequest) (*weftv1.GetCatalogueResponse, error) {
	if _, err := c.may(ctx, auth.ReadCatalogue, ""); err != nil {
		return nil, err
	}
	list := c.lists[rpc.Language(ctx)]
	if r.GetHash() == list.GetHash() {
		return &weftv1.GetCatalogueResponse{Hash: list.GetHash()}, nil
	}
	return list, nil
}

// maxHashes bounds the entries of one call.
const maxHashes = 1000

var msgHashes = errs.Message{
	ID: "server.too_many_hashes",
	En: "At most {most} entries can be asked for at once.",
	Ru: "За раз можно запросить не больше {most} записей.",
}

// GetEntries implements weftv1.CatalogueServer.
func (c *catalogue) GetEntries(r *weftv1.GetEntriesRequest, out grpc.ServerStreamingServer[weftv1.GetEntriesResponse]) error {
	if _, err := c.may(out.Context(), auth.ReadCatalogue, ""); err != nil {
		return err
	}
	if len(r.GetHashes()) > maxHashes {
		return errs.New(errs.Invalid, msgHashes, errs.P{"most": maxHashes})
	}
	for _, h := range r.GetHashes() {
		content, ok := c.entries[h]
		if !ok {
			continue
		}
		if err := out.Send(&weftv1.GetEntriesResponse{Hash: h, Content: content}); err != nil {
			return err
		}
	}
	return nil
}
