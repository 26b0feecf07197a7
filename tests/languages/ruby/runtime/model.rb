# frozen_string_literal: true

require "time"

# A JSON object from the server, read through methods. Members that the API's documents do not know stay readable
# with #[], and a member that did not come reads as nil.
class Model
  class << self
    # Declares a reader. +type+ says what its value becomes: another model, Time, or either of them as [type] (a list)
    # or { String => type }; without it the value is what JSON has.
    def attribute(name, type = nil, member: name.to_s)
      define_method(name) { Model.read(type, self[member], @library) }
    end

    # Names the attributes that tell one object of this model from another.
    def identified_by(*names)
      define_method(:ids) { names.map { |name| public_send(name).to_s } }
    end

    # The value of that type. A server that sends something else than its documents say is no error here: the program
    # gets what came.
    def read(type, value, library)
      case [type, value]
      in [[item], Array] then value.map { |element| read(item, element, library) }
      in [Hash, Hash] then value.transform_values { |element| read(type[String], element, library) }
      in [Class, Hash] if type < Model then type.new(value, library)
      in [Class, String] if type == Time then time(value)
      else value
      end
    end

    private

    def time(text)
      Time.iso8601(text)
    rescue ArgumentError
      text
    end
  end

  def initialize(data, library = nil)
    @data = data
    @library = library
  end

  # A member under the name that it has in the server's JSON.
  def [](member) = @data[member]

  # The JSON object as it came.
  def to_h = @data

  # The ids of the object; a model that is no object of its own has none.
  def ids = []

  def ==(other)
    other.class == self.class && (ids.empty? ? other.to_h == to_h : other.ids == ids)
  end
  alias eql? ==

  def hash = [self.class, ids.empty? ? to_h : ids].hash

  def inspect = "#<#{self.class} #{to_h}>"
end
