# frozen_string_literal: true

# A group of operations. Each method of a generated resource describes its request in the block that it gives to #call.
class Resource
  def initialize(library, connection)
    @library = library
    @connection = connection
  end

  def inspect = "#<#{self.class}>"

  private

  def call(http_method, path, returns: nil)
    request = Request.new(http_method, path)
    yield request if block_given?
    @connection.call(request, returns, @library)
  end

  # The default of an argument that has none: the call is refused.
  def required(name)
    raise IllegalInputException, "#{name} is missing: the operation needs it"
  end

  # The two ids of an object in one text, which is split at the first separator.
  def split(ids, separator)
    parts = ids.is_a?(Model) ? ids.ids : ids.to_s.split(separator, 2)
    return parts if parts.size == 2

    raise IllegalInputException, "#{ids.inspect} is not two ids, joined by #{separator.inspect}"
  end
end
