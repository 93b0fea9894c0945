package parapet.lib

# What a clock on the wall of the organisation showed when a request arrived. Written with numbers
# alone: the builtins for time are missing in OPA's WASM, and one of them would break a whole bundle
# in every Node service that embeds it.

# The API server writes its times in UTC, RFC 3339. `\d` at fixed places is all of it that matters.
arrival := regex.find_all_string_submatch_n(
	`^(\d\d\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d)`,
	object.get(input, "requestReceivedTimestamp", object.get(input, "stageTimestamp", "")),
	1,
)[0]

# A number from digits that may begin with zeros, which is no JSON number: 1 is put before them.
digits(text) := to_number(concat("", ["1", text])) - weights[count(text)]

weights := {2: 100, 4: 10000}

# Minutes since 1970 on the organisation's clock.
wall_minutes := (((days * 1440) + (hour * 60)) + minute) + zone_minutes if {
	days := days_since_1970(digits(arrival[1]), digits(arrival[2]), digits(arrival[3]))
	hour := digits(arrival[4])
	minute := digits(arrival[5])
}

# METADATA
# description: >-
#   Days from 1970-01-01 in the Gregorian calendar. Years are counted from March, so that the leap
#   day comes last, and in cycles of 400 years, which have 146,097 days.
# scope: document
days_since_1970(year, month, day) := ((cycle * 146097) + day_of_cycle) - 719468 if {
	march_year := year - before_march(month)
	cycle := floor(march_year / 400)
	year_of_cycle := march_year - (cycle * 400)
	day_of_year := (floor(((153 * ((month + 9) % 12)) + 2) / 5) + day) - 1
	leap_days := floor(year_of_cycle / 4) - floor(year_of_cycle / 100)
	day_of_cycle := ((year_of_cycle * 365) + leap_days) + day_of_year
}

before_march(month) := 1 if month < 3

before_march(month) := 0 if month >= 3

# `data.org.hours.zone` as minutes east of Greenwich. A zone is an offset (`+01:00`), because names of
# zones need a table that a policy does not have.
zone_minutes := 0 if data.org.hours.zone in {"Z", "UTC", "+00:00"}

zone_minutes := sign * ((digits(parts[2]) * 60) + digits(parts[3])) if {
	not data.org.hours.zone == "+00:00"
	parts := regex.find_all_string_submatch_n(`^([+-])(\d\d):(\d\d)$`, data.org.hours.zone, 1)[0]
	sign := {"+": 1, "-": -1}[parts[1]]
}

# 1970-01-01 was a Thursday.
weekday := ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][floor(wall_minutes / 1440) % 7]

# `07:05`, comparable as text.
wall_time := concat(":", [two_digits(floor(minutes / 60)), two_digits(minutes % 60)]) if {
	minutes := wall_minutes - (floor(wall_minutes / 1440) * 1440)
}

two_digits(number) := substring(format_int(number + 100, 10), 1, 2)

is_business_hours if {
	weekday in data.org.hours.days
	data.org.hours.from <= wall_time
	wall_time < data.org.hours.to
}
