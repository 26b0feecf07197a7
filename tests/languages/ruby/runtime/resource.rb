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
end
