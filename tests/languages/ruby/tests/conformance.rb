# frozen_string_literal: true

# Plays scenarios against the generated library; test_resources/conformance/README.md tells how. It is given the URL of
# the replay server's control, reads a JSON array of the scenarios' ids, and prints for each of them a line of JSON: its
# id, and what is wrong or null.

require "asterisk_rb"

class Wrong < StandardError; end

# Plays one scenario after the other.
class Player
  def initialize(control)
    @control = URI(control)
  end

  def scenarios = JSON.parse(Net::HTTP.get(URI("#{@control}/scenarios")))

  def play(scenario)
    chosen = JSON.generate(id: scenario["id"])
    access = JSON.parse(Net::HTTP.post(URI("#{@control}/play"), chosen, "Content-Type" => "application/json").body)
    @client = AsteriskRb::Client.new(
      access["url"], access["username"], access["password"], **scenario.fetch("client", {}).transform_keys(&:to_sym)
    )
    @secrets = [access["password"], [access["password"]].pack("m0")]
    scenario.fetch("before", []).each { |call| prepare(call) }
    check(scenario) { call(scenario) }
    verdict = JSON.parse(Net::HTTP.get(URI("#{@control}/verdict")))
    raise Wrong, verdict["differences"].join("; ") unless verdict["ok"]
  end

  private

  def snake(name) = name.gsub(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/, "_").downcase.to_sym

  def prepare(call)
    call(call)
  rescue AsteriskRb::AsteriskException
    # What comes of it does not matter.
  ensure
    sleep call.fetch("pause", 0)
  end

  def call(call)
    return @client.public_send(snake(call["shortcut"]), *call["positional"]) if call.key?("shortcut")

    resource, operation = call["operation"].split(".").map { |name| snake(name) }
    object = call["on"] && object(call["on"]["object"], call["on"]["ids"])
    resource = @client.public_send(resource)
    arguments = call.fetch("arguments", {}).to_h { |name, value| [snake(name), argument(value)] }
    # Ids of the path are given by position; an object gives its own.
    ids = resource.method(operation).parameters.filter_map { |kind, name| name if kind == :opt }
    ids = ids.drop(object ? object.ids.size : 0).take_while { |name| arguments.key?(name) }
    (object || resource).public_send(operation, *ids.map { |name| arguments.delete(name) }, **arguments)
  end

  def object(model, ids)
    model = AsteriskRb.const_get(model)
    members = %w[id technology resource channel name].select { |name| model.method_defined?(name) }
    members = members.first(ids.size) unless model == AsteriskRb::Channel
    model.new(members.zip(ids).to_h, @client)
  end

  def argument(value)
    return value.map { |item| argument(item) } if value.is_a?(Array)

    value.is_a?(Hash) && value.key?("$object") ? object(value["$object"], value["ids"]) : value
  end

  def check(scenario)
    expected = scenario["refused"] || scenario["error"]
    result = yield
    raise Wrong, "#{expected['class']} was expected, #{result.inspect} came" if expected

    check_result(result, scenario)
  rescue AsteriskRb::AsteriskException => e
    raise unless expected

    check_error(e, expected)
  end

  def check_result(result, scenario)
    expected = scenario["result"] or return same(nil, result, "result")
    type = expected["type"].to_s
    elements = type.start_with?("List[") ? result : [result]
    kind = type[/\w+(?=\]?\z)/]
    elements.each { |one| same("AsteriskRb::#{kind}", one.class.name, "type") } if kind
    last = (scenario["exchanges"] || [scenario]).last
    same(expected.fetch("value") { last["response"]["body"] }, result, "result")
  end

  def same(expected, actual, place)
    case expected
    when Hash then same_members(expected, actual, place)
    when Array
      same(expected.size, actual.size, "#{place}.size")
      expected.zip(actual) { |one, other| same(one, other, place) }
    else
      expected = Time.iso8601(expected) if expected.is_a?(String) && actual.is_a?(Time)
      raise Wrong, "#{place}: #{expected.inspect} was expected, #{actual.inspect} came" unless expected == actual
    end
  end

  def same_members(expected, actual, place)
    expected.each do |name, value|
      case name
      when "$date" then same(Time.iso8601(value), actual, place)
      when "$base64" then same(value.unpack1("m0"), actual, place)
      when "$text" then same(value.b, actual.b, place)
      when "$type" then same("AsteriskRb::#{value}", actual.class.name, place)
      else same(value, member(actual, name), "#{place}.#{name}")
      end
    end
  end

  def member(value, name)
    return value.fetch(name) { raise Wrong, "there is no #{name} in #{value}" } if value.is_a?(Hash)

    # A name that Ruby reserves has an underscore behind it; a member that the documents do not know has no reader.
    reader = ["#{name}_", name].find { |one| value.class.method_defined?(one) }
    reader ? value.public_send(reader) : value[name]
  end

  def check_error(error, expected)
    kind = AsteriskRb.const_get(expected["class"])
    raise Wrong, "#{expected['class']} was expected, #{error.inspect} came" unless error.is_a?(kind)

    shown = error.message
    raise Wrong, "not one line: #{shown.inspect}" if shown.match?(/[[:cntrl:]]/)
    raise Wrong, "the password is shown" if @secrets.any? { |secret| (shown + error.inspect).include?(secret) }

    mentioned = expected.fetch("mentions", []).all? { |text| plain(shown).include?(plain(text)) }
    excluded = expected.fetch("excludes", []).none? { |text| shown.include?(text) }
    raise Wrong, "#{expected} was expected, #{shown} came" unless mentioned && excluded

    same(expected["status"], error.status, "status") if expected.key?("status")
    same(expected["message"], error.said, "message") if expected.key?("message")
  end

  def plain(text) = text.downcase.delete("_")
end

player = Player.new(ARGV.first)
wanted = JSON.parse($stdin.read)
player.scenarios.select { |one| wanted.include?(one["id"]) }.each do |scenario|
  problem = begin
    player.play(scenario)
    nil
  rescue StandardError => e
    "#{e.class}: #{e.message}"
  end
  puts JSON.generate(id: scenario["id"], problem:)
end
