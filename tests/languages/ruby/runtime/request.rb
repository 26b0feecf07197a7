# frozen_string_literal: true

require "time"

# What a call asks of the server. A call that could not be right is refused while its request is put together, before
# anything is sent.
class Request
  # A list with such a value would be cut apart where the server splits the joined text: it travels as a JSON array.
  UNSAFE_IN_LIST = /\A\z|\A |[,"'()\\]/

  WANTED = {
    string: "text", integer: "a whole number", number: "a number", boolean: "true or false", map: "a hash",
    datetime: "a Time or text"
  }.freeze

  attr_reader :http_method, :headers

  def initialize(http_method, template)
    @http_method = http_method
    @template = template
    @segments = {}
    @query = {}
    @fields = {}
    @headers = {}
  end

  # An argument that is a segment of the path.
  def path(name, value, kind = :string, **limits)
    text = checked(name, value, kind, required: true, **limits).to_s
    # Servers cut the path at an empty segment and resolve dots: the call would reach another place.
    refuse(name, "is empty") if text.empty?
    refuse(name, "is #{text.inspect}, which means another path") if [".", ".."].include?(text)
    @segments["{#{name}}"] = escape(text)
  end

  # An argument in the query.
  def query(name, ...) = add(@query, name, ...)

  # An argument that is a member of the JSON object in the body.
  def field(name, ...) = add(@fields, name, ...)

  # An argument that is a header.
  def header(name, ...)
    value = [checked(name, ...)].flatten.join(",")
    refuse(name, "holds a line's end, or another control character") if value.match?(/[[:cntrl:]]/)
    @headers[name] = value unless value.empty?
  end

  # The argument that is the whole body.
  def body(...) = @body = checked(...)

  # The path with the values in their places.
  def filled_path = @template.gsub(/\{[^{}]*\}/, @segments)

  # What errors say of the request.
  def place = { http_method: @http_method, path: filled_path }

  # The request's target and its JSON value (nil for none), as the server wants them: +lists+ is how several values of
  # one parameter travel, +query_limit+ the length from which on the body takes the query's parameters.
  def written(lists:, query_limit:)
    in_query, in_body = @query.partition { |_, value| @body || lists == "repeat" || !unsafe?(value) }.map(&:to_h)
    target = filled_path
    text = query_text(in_query, lists)
    if query_limit.positive? && !@body && target.size + text.size >= query_limit
      text = ""
      in_body = @query
    end
    fields = in_body.merge(@fields)
    [text.empty? ? target : "#{target}?#{text}", @body || (fields unless fields.empty?)]
  end

  private

  def add(place, name, ...)
    value = checked(name, ...)
    place[name] = value unless value.nil?
  end

  # The value as it travels, or a refusal.
  def checked(name, value, kind = :string, required: false, choices: nil, text_values: false, **limits)
    if value.nil?
      refuse(name, "is missing: the operation needs it") if required
      return
    end
    value = items(name, value, required) if kind == :list
    value = single(value)
    refuse(name, "is #{value.inspect}: #{WANTED[kind]} is wanted") unless fits?(kind, value)
    check_choices(name, value, choices) if choices
    check_range(name, value, **limits)
    text_values ? value.to_h { |key, item| [key, variable(name, key, item)] } : value
  end

  def items(name, value, required)
    list = value.is_a?(Array) ? value : [value]
    refuse(name, "is an empty list: the operation needs a value") if required && list.empty?
    refuse(name, "holds nil") if list.include?(nil)
    list.map { |item| single(item) }
  end

  # An object stands for its ids.
  def single(value)
    case value
    when Model then value.ids.join("/")
    when Symbol then value.to_s
    when Time then value.iso8601(3)
    else value
    end
  end

  def fits?(kind, value)
    case kind
    when :string then value.is_a?(String) || value.is_a?(Numeric)
    when :integer then value.is_a?(Integer)
    when :number then value.is_a?(Numeric)
    when :boolean then [true, false].include?(value)
    when :datetime then value.is_a?(String)
    when :map then value.is_a?(Hash)
    else true
    end
  end

  def check_choices(name, value, choices)
    wrong = [value].flatten - choices
    refuse(name, "is #{wrong.first.inspect}: allowed are #{choices.join(', ')}") unless wrong.empty?
  end

  def check_range(name, value, minimum: nil, maximum: nil)
    refuse(name, "is #{value}: the least is #{minimum}") if minimum && value < minimum
    refuse(name, "is #{value}: the most is #{maximum}") if maximum && value > maximum
  end

  # The server takes only text as the value of a variable; one with options is a hash that holds it.
  def variable(name, key, item)
    return item.merge("value" => variable(name, key, item["value"])) if item.is_a?(Hash) && item.key?("value")

    case item
    when Hash then item
    when nil, Array then refuse(name, "has #{item.inspect} as its #{key.inspect}: text or a number is wanted")
    else item.to_s
    end
  end

  def unsafe?(value) = value.is_a?(Array) && value.any? { |item| UNSAFE_IN_LIST.match?(item.to_s) }

  def query_text(values, lists)
    pairs = values.flat_map do |name, value|
      next "#{escape(name)}=#{escape(value)}" unless value.is_a?(Array)
      next value.map { |item| "#{escape(name)}=#{escape(item)}" } if lists == "repeat"

      value.empty? ? [] : "#{escape(name)}=#{value.map { |item| escape(item) }.join(',')}"
    end
    pairs.join("&")
  end

  # Everything but RFC 3986's unreserved characters, percent-encoded.
  def escape(value) = value.to_s.b.gsub(/[^A-Za-z0-9\-._~]/) { |byte| format("%%%02X", byte.ord) }

  def refuse(name, why)
    raise IllegalInputException.new("#{name} #{why}", http_method: @http_method, path: @template)
  end
end
