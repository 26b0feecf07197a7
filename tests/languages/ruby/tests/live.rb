# frozen_string_literal: true

# A program that uses the generated library on a real Asterisk: it reads, makes things, changes them, and meets errors.
# It prints what it saw as JSON.

require "asterisk_rb"

client = AsteriskRb::Client.new(*ARGV)
seen = {}

# GET
seen[:version] = client.asterisk.get_info(only: %w[build system]).system.version
seen[:pong] = client.asterisk.ping.ping

# POST, with parameters in the query and in the body; what comes back is an object with operations of its own.
bridge = client.bridges.create_with_id("room 1/a", type: "mixing", name: "R&B", variables: { "SEATS" => 12 })
seen[:bridge] = [bridge.id, bridge.name, bridge.creationtime.class]
bridge.set_bridge_var(variable: "TOPIC", value: "a+b = c, d")
seen[:topic] = bridge.get_bridge_var(variable: "TOPIC").value
seen[:variables] = client.bridges.get_bridge_vars(bridge, variables: %w[SEATS TOPIC]).variables

# POST: a call in the dialplan.
channel = client.channels.originate(endpoint: "Local/200@default", extension: "201", context: "default", priority: 1)
seen[:called] = channel.dialplan.context
seen[:listed] = client.channels.list.include?(channel)

# Errors: a channel that is in the dialplan cannot be put into a bridge …
begin
  bridge.add_channel(channel:)
rescue AsteriskRb::RequestRejectedException => e
  seen[:rejected] = [e.status, e.http_method, e.path]
end

# DELETE
seen[:ended] = [channel.hangup(reason: "normal"), bridge.destroy]
# The server says yes before it is over.
50.times { client.bridges.list.include?(bridge) ? sleep(0.1) : break }

# … and there are others.
seen[:errors] = [
  -> { client.bridges.get(bridge) },
  -> { client.bridges.get("") },
  -> { AsteriskRb::Client.new(ARGV.first, "user", "wrong").asterisk.ping },
  -> { AsteriskRb::Client.new("http://127.0.0.1:1/ari").asterisk.ping }
].map do |call|
  call.call
  nil
rescue AsteriskRb::AsteriskException => e
  [e.class.name.split("::").last, e.status]
end

puts JSON.generate(seen)
