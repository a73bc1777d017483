package integrator

import (
	"math/big"
	"net/http"
	"strconv"
)

func bigOne() *big.Int { return big.NewInt(1) }

// answered are the statuses of problems that a call may have.
func answered() []int {
	return []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusRequestEntityTooLarge,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	}
}

func responses(o *operation) object {
	row := rowSchema(o.output, func(column) bool { return true })
	out := object{"200": object{
		"description": "The rows.",
		"content": object{"application/json": object{
			"schema": strict(object{"rows": object{"type": "array", "items": row}}, []string{"rows"}),
		}},
	}}
	for _, s := range answered() {
		out[strconv.Itoa(s)] = object{"$ref": "#/components/responses/" + responseName(s)}
	}
	return out
}

func responseName(status int) string { return "Problem" + strconv.Itoa(status) }

func problemResponses() object {
	out := object{}
	for _, s := range answered() {
		r := object{
			"description": title(s, "en") + ".",
			"content":     object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/Problem"}}},
		}
		if s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable {
			r["headers"] = object{"Retry-After": object{"description": "Seconds to wait.", "schema": object{"type": "integer"}}}
		}
		out[responseName(s)] = r
	}
	return out
}

// problemSchema describes a document.
func problemSchema() object {
	text, number := object{"type": "string"}, object{"type": "integer"}
	return object{
		"type": "object", "required": []string{"type", "title", "status", "detail", "id"},
		"properties": object{
			"type": object{"type": "string", "format": "uri"}, "title": text, "status": number, "detail": text, "id": text,
			"errors": object{"type": "array", "items": object{
				"type": "object", "required": []string{"id", "detail"},
				"properties": object{"id": text, "pointer": text, "line": number, "column": number, "detail": text},
			}},
		},
	}
}
