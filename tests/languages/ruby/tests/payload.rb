# frozen_string_literal: true

# Uses generated libraries whose documents hold a payload wherever any text may stand. It reads a JSON array of objects
# with a library's folder and the payload, and prints the targets of the requests as a JSON array.

require "json"

# A connection that only tells what it would send.
class NoNetwork
  def call(request, *) = request.written(lists: "comma", query_limit: 0).first
end

libraries = JSON.parse($stdin.read)
targets = libraries.map do |library|
  reader, writer = IO.pipe
  child = fork do
    $LOAD_PATH.unshift("#{library['folder']}/lib")
    require "pkg"
    Pkg.constants.each { |name| Pkg.const_get(name) }
    things = Pkg::Things.new(nil, NoNetwork.new)
    refused = begin
      things.op(q: "something else")
    rescue Pkg::IllegalInputException => e
      e.message
    end
    writer.write(JSON.generate([things.op(q: library["payload"]), refused]))
  end
  writer.close
  said = reader.read
  Process.wait(child)
  JSON.parse(said)
end
puts JSON.generate(targets)
