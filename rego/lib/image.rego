package parapet.lib

# Where a container image comes from.

# METADATA
# description: >-
#   An image's full name. A name without a registry means Docker Hub, and one without a folder means
#   Docker's official images there: `nginx` is `docker.io/library/nginx`.
# scope: document
full_image(image) := concat("/", ["docker.io/library", lower(image)]) if not contains(image, "/")

full_image(image) := concat("/", ["docker.io", lower(image)]) if {
	contains(image, "/")
	not has_registry(image)
}

full_image(image) := lower(image) if {
	has_registry(image)
	not lower(registry(image)) in docker_aliases
}

full_image(image) := concat("", ["docker.io", trim_prefix(lower(image), lower(registry(image)))]) if {
	lower(registry(image)) in docker_aliases
}

docker_aliases := {"index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"}

# The part before the first slash is a registry when it could not be the name of a folder. (Without
# regular expressions, which WASM compiles anew for every event.)
has_registry(image) if {
	contains(image, "/")
	contains(registry(image), ".")
}

has_registry(image) if {
	contains(image, "/")
	contains(registry(image), ":")
}

has_registry(image) if startswith(image, "localhost/")

# The part before the first slash.
registry(image) := split(image, "/")[0]

# METADATA
# description: >-
#   A full image name begins with a prefix, and not in the middle of a name: `registry.example.com`
#   covers `registry.example.com/web`, but neither `registry.example.com.evil.net/web` nor
#   `registry.example.com:5000/web`.
# scope: document
is_within(image, prefix) if startswith(image, concat("", [trim_suffix(full_prefix(prefix), "/"), "/"]))

is_within(image, prefix) if image == full_prefix(prefix)

is_within(image, prefix) if {
	contains(prefix, "/")
	not endswith(prefix, "/")
	some mark in {":", "@"}
	startswith(image, concat("", [full_prefix(prefix), mark]))
}

# A prefix is taken as it stands: a bare word such as `docker.io` is a registry.
full_prefix(prefix) := lower(prefix)
