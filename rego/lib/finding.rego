# METADATA
# title: Parapet's shared rules
# description: >-
#   What every guardrail is written with: how a violation is made, who is asking, what is asked for,
#   and what a request writes. A guardrail reads as one sentence when it is built from these.
# scope: package
# schemas:
#   - input: schema.audit_event
package parapet.lib

# METADATA
# description: >-
#   The violation that a guardrail reports. Its id and priority are those of the METADATA of the
#   guardrail's package, so they are written down once: call it with `rego.metadata.chain()`.
# scope: document
finding(chain, message) := {
	"id": custom.id,
	"priority": custom.priority,
	"message": message,
} if {
	some link in chain
	link.annotations.scope == "package"
	custom := link.annotations.custom
}
