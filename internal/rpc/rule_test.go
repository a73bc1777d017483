package rpc

import (
	"strings"
	"testing"

	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

// served lists every method of the services that a server offers.
func served() map[string]bool {
	out := map[string]bool{}
	add := func(s protoreflect.ServiceDescriptor) {
		for i := range s.Methods().Len() {
			out["/"+string(s.FullName())+"/"+string(s.Methods().Get(i).Name())] = true
		}
	}
	protoregistry.GlobalFiles.RangeFilesByPackage("weft.v1", func(f protoreflect.FileDescriptor) bool {
		for i := range f.Services().Len() {
			add(f.Services().Get(i))
		}
		return true
	})
	add(healthv1.File_grpc_health_v1_health_proto.Services().Get(0))
	return out
}

func TestEveryMethodHasARule(t *testing.T) {
	methods, rules := served(), Rules()
	if len(methods) < 40 {
		t.Fatalf("found only %d methods: the test does not see the services", len(methods))
	}
	for m := range methods {
		if _, ok := rules[m]; !ok {
			t.Errorf("there is no rule who may call %s", m)
		}
	}
	for m, r := range rules {
		if !methods[m] {
			t.Errorf("there is a rule for %s, which no service has", m)
		}
		if r.anyone() && !strings.HasPrefix(m, "/grpc.health.v1.Health/") {
			t.Errorf("anyone may call %s", m)
		}
		if r.allows(weftv1.Role_ROLE_UNSPECIFIED) {
			t.Errorf("an account without a role may call %s", m)
		}
	}
}

func TestRegisterRefusesMethodsWithoutRule(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a service without rules was taken")
		}
	}()
	s := New(Config{Auth: newAccounts(), Rules: map[string]Rule{}})
	defer s.Close()
	weftv1.RegisterSessionServer(s, weftv1.UnimplementedSessionServer{})
}
