package parapet.lib

# Where requests come from. An address that is no address is in no network.

# Addresses that belong to no place on the Internet: RFC 1918, RFC 6598 (carriers and clouds),
# loopback, link-local, and unique local IPv6.
private_networks := {
	"10.0.0.0/8",
	"172.16.0.0/12",
	"192.168.0.0/16",
	"100.64.0.0/10",
	"127.0.0.0/8",
	"169.254.0.0/16",
	"::1/128",
	"fc00::/7",
	"fe80::/10",
}

is_private(address) if {
	some network in private_networks
	net.cidr_contains(network, address)
}

# Inside the organisation's own networks, as far as it has written them down.
is_known(address) if {
	some network in data.org.networks
	net.cidr_contains(network, address)
}
