package preview

import (
	"context"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/workspace"
)

// Problems tells everything that is wrong with a document's package as it is
// now, in all of its workflows, as an account sees it: whose files an account
// may not read, are not there for it. number is that of the document's last
// event. The error is for what kept it from being looked at.
func (p *Previews) Problems(ctx context.Context, account string, doc Document) (number int64, found errs.List, err error) {
	defer run.Recovered(p.o.Log, &err)
	s, release, err := p.session(account, doc)
	if err != nil {
		return 0, nil, err
	}
	defer release()
	pkg, number := doc.Current()
	told := map[string]bool{} // what is wrong with a variable is wrong in every workflow
	for _, w := range pkg.Workflows {
		g, err := s.compile(ctx, pkg, number, w.ID)
		if gone(ctx) {
			return number, nil, err
		}
		list := errs.All(err)
		if err == nil {
			list = append(g.Errors(), places(g, s.files)...)
		}
		for _, e := range list {
			e = inDocument(e, w.ID)
			if key := e.Error(); !told[key] {
				told[key] = true
				found = append(found, e)
			}
		}
	}
	return number, found, nil
}

// places tells the outputs whose file no run would write.
func places(g *plan.Graph, files *workspace.Workspace) (found errs.List) {
	taken := run.OutputPlaces{}
	for _, n := range g.Nodes {
		if n.Write == nil {
			continue
		}
		err := taken.Take(files, n.Write.Path)
		if err == nil {
			err = files.MayPublish(n.Write.Path)
		}
		if err != nil {
			found.Add(errs.At(err, errs.Place{Workflow: g.Workflow.ID, Node: n.ID, Setting: "path"}))
		}
	}
	return found
}

// inDocument is an error as it stands in a document: in a node and its
// setting, not in a line of a file that was written some time ago. A line of a
// data file stays.
func inDocument(e *errs.Error, workflow string) *errs.Error {
	at := *e
	if at.Place.File == "" {
		at.Place.Line, at.Place.Column = 0, 0
	}
	if at.Place.Node != "" && at.Place.Workflow == "" {
		at.Place.Workflow = workflow
	}
	return &at
}
