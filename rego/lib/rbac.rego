package parapet.lib

# Roles and the bindings that grant them, in a namespace and in the whole cluster. The control plane
# itself is left out: the API server makes the built-in roles at every start. Controllers are not,
# because stealing the token of one is a common way to more rights.

role_resources := {"roles", "clusterroles"}

binding_resources := {"rolebindings", "clusterrolebindings"}

# METADATA
# description: >-
#   A role is created, replaced or changed. The controller that fills in aggregated roles such as
#   `admin` copies rules that were judged when they were written.
# scope: document
is_role_write if {
	input.verb in write_verbs
	input.objectRef.resource in role_resources
	is_answered
	is_not_component
	not input.user.username == aggregation_controller
}

aggregation_controller := "system:serviceaccount:kube-system:clusterrole-aggregation-controller"

# A role is bound to somebody, or such a binding is changed.
is_binding_write if {
	input.verb in write_verbs
	input.objectRef.resource in binding_resources
	is_answered
	is_not_component
}

# The rules that a write puts into a role.
role_rules contains rule if {
	some document in documents
	some rule in document.rules
}

# The part of a rule that a JSON patch writes: `/rules/0/verbs`, `/rules/0/verbs/0`.
role_rules contains {field: operation.value} if {
	some operation in operations
	some field in rule_fields
	endswith(operation.path, $"/{field}")
}

role_rules contains {field: [operation.value]} if {
	some operation in operations
	some field in rule_fields
	contains(operation.path, $"/{field}/")
}

rule_fields := ["verbs", "apiGroups", "resources", "nonResourceURLs"]

# METADATA
# description: >-
#   The name of the role that is bound. A patch of the subjects does not name it; the object in the
#   response does, where the audit policy records responses.
# scope: document
bound_roles contains document.roleRef.name if some document in documents

bound_roles contains input.responseObject.roleRef.name

# The same in words: `the role view`.
bound_role_names := $"the role {concat(", ", sort(bound_roles))}" if count(bound_roles) > 0

else := "its role"

# Whom a binding names, as far as the write shows it.
subjects contains subject if {
	some document in documents
	some subject in document.subjects
}

# A JSON patch may bring a name alone.
subjects contains {"name": name} if some name in renamed

# The names that a JSON patch gives to subjects, without saying of what kind they are.
renamed contains operation.value if {
	some operation in operations
	startswith(operation.path, "/subjects/")
	endswith(operation.path, "/name")
}

# The groups among the subjects, and what may be one.
bound_groups contains subject.name if {
	some subject in subjects
	subject.kind == "Group"
}

bound_groups contains name if some name in renamed

# The service accounts among the subjects, and what may be one.
bound_accounts contains subject.name if {
	some subject in subjects
	subject.kind == "ServiceAccount"
}

bound_accounts contains name if some name in renamed

# The subjects in words: `bob@example.com, group ops, service account shop/web`.
subject_names := concat(", ", sort([described(subject) | some subject in subjects])) if count(subjects) > 0

else := "its subjects"

described(subject) := $"service account {object.get(subject, "namespace", "?")}/{subject.name}" if {
	subject.kind == "ServiceAccount"
}

described(subject) := $"group {subject.name}" if subject.kind == "Group"

described(subject) := subject.name if not subject.kind

described(subject) := subject.name if not subject.kind in {"ServiceAccount", "Group"}
