package parapet.image_test

import data.parapet.lib

full_names := {
	"nginx": "docker.io/library/nginx",
	"nginx:1.27": "docker.io/library/nginx:1.27",
	"nginx@sha256:abc": "docker.io/library/nginx@sha256:abc",
	"attacker/xmrig": "docker.io/attacker/xmrig",
	"docker.io/attacker/xmrig": "docker.io/attacker/xmrig",
	"index.docker.io/attacker/xmrig": "docker.io/attacker/xmrig",
	"registry-1.docker.io/attacker/xmrig:1": "docker.io/attacker/xmrig:1",
	"ghcr.io/org/app:1": "ghcr.io/org/app:1",
	"GHCR.io/org/app": "ghcr.io/org/app",
	"registry.example.com:5000/app": "registry.example.com:5000/app",
	"localhost/app": "localhost/app",
	"localhost:5000/app": "localhost:5000/app",
	"192.0.2.1/app": "192.0.2.1/app",
}

test_full_names if {
	every image, want in full_names {
		lib.full_image(image) == want
	}
}

within := [
	{"image": "registry.example.com/shop/web:1", "prefix": "registry.example.com", "want": true},
	{"image": "registry.example.com/shop/web:1", "prefix": "registry.example.com/", "want": true},
	{"image": "registry.example.com/shop/web:1", "prefix": "registry.example.com/shop/", "want": true},
	{"image": "registry.example.com/shop/web:1", "prefix": "registry.example.com/shop/web", "want": true},
	{"image": "registry.example.com/shop/web@sha256:a", "prefix": "registry.example.com/shop/web", "want": true},
	{"image": "registry.example.com/shop/web", "prefix": "registry.example.com/shop/web", "want": true},
	{"image": "registry.example.com/shop/web2:1", "prefix": "registry.example.com/shop/web", "want": false},
	{"image": "registry.example.com.evil.net/web", "prefix": "registry.example.com", "want": false},
	{"image": "registry.example.com:5000/web", "prefix": "registry.example.com", "want": false},
	{"image": "docker.io/attacker/xmrig", "prefix": "docker.io/library/", "want": false},
]

test_prefixes_end_where_names_end if {
	every case in within {
		is_within(case.image, case.prefix) == case.want
	}
}

is_within(image, prefix) if lib.is_within(image, prefix)

else := false
