# frozen_string_literal: true

require "json"
require "net/http"
require "uri"

# A kept-alive HTTP connection to the server, and what its answers mean. Threads may share it: they take turns.
class Connection
  # Seconds after which an idle connection is not used again: servers close such ones on their own.
  IDLE_LIMIT = 10
  MAX_REDIRECTS = 5
  # What may be sent twice without harm.
  REPEATABLE = %w[GET PUT DELETE].freeze

  # +access+ is how this API's server wants requests to be written (see Request#written).
  def initialize(url, username, password, timeout:, headers:, access:)
    @url = server(url)
    @credentials = [username, password]
    @timeout = timeout
    # What is not compressed has the length that the answer says.
    @headers = headers.merge("Accept-Encoding" => "identity")
    @access = access
    @http = connect(@url)
    @turn = Mutex.new
  end

  # Sends the request; gives the body of the answer as +returns+ says (see Model.read; +:binary+ is the bytes as they
  # came, nil what JSON has), or raises the error that the answer means.
  def call(request, returns, library)
    target, json = request.written(**@access)
    answer = @turn.synchronize { exchange(request, @url.path + target, json) }
    raise refusal(request, answer) unless answer.is_a?(Net::HTTPSuccess)

    returns == :binary ? answer.body : Model.read(returns, parsed(request, answer, returns), library)
  rescue JSON::GeneratorError => e
    raise IllegalInputException.new("an argument cannot be JSON: #{e.message}", **request.place)
  rescue Net::OpenTimeout, Net::ReadTimeout, Net::WriteTimeout
    raise TimeoutException.new("no answer within #{@timeout} seconds", **request.place)
  rescue SystemCallError, IOError, SocketError, OpenSSL::SSL::SSLError, Net::HTTPBadResponse, Net::ProtocolError => e
    raise ConnectionFailedException.new("#{@url.host}:#{@url.port}: #{e.message}", **request.place)
  end

  # Without the password.
  def inspect = "#<#{self.class} #{@url}>"

  private

  def server(url)
    place = URI(url.chomp("/"))
    return place if place.is_a?(URI::HTTP) && place.host && !place.userinfo

    raise URI::InvalidURIError
  rescue URI::InvalidURIError
    raise IllegalInputException, "the URL must be that of a server, with http or https and without a user name"
  end

  def connect(url)
    Net::HTTP.new(url.host, url.port).tap do |http|
      http.use_ssl = url.scheme == "https"
      http.keep_alive_timeout = IDLE_LIMIT
      http.open_timeout = http.read_timeout = http.write_timeout = @timeout
      # It would also repeat what the server only was slow to answer.
      http.max_retries = 0
    end
  end

  def exchange(request, target, json)
    message = message(request.http_method, target, json)
    request.headers.each { |name, value| message[name] = value }
    answer = sent(authorized(message))
    message.method == "GET" ? redirected(answer, URI.join(@url, target)) : answer
  end

  # A kept-alive connection may have died while it was idle: then the request is sent again, once, on a new one.
  def sent(message)
    reused = @http.started?
    answer = nil
    @http.start unless reused
    @http.request(message) { |coming| answer = coming }
    raise EOFError, "the answer was cut" if answer.body.to_s.bytesize < answer.content_length.to_i

    complete = true
    answer
  rescue EOFError, Errno::ECONNRESET, Errno::EPIPE
    raise if answer || !reused || !REPEATABLE.include?(message.method)

    @http.finish
    retry
  ensure
    # Whatever came in between, an interrupt perhaps: the next call must not read what belongs to this one.
    @http.finish if !complete && @http.started?
  end

  # Follows redirects. Credentials never go to another server, nor on from there.
  def redirected(answer, place)
    trusted = true
    MAX_REDIRECTS.times do
      return answer unless answer.is_a?(Net::HTTPRedirection) && answer["Location"]

      place = URI.join(place, answer["Location"])
      raise IOError, "redirected to #{place.scheme}:, which is not HTTP" unless place.is_a?(URI::HTTP)

      trusted &&= place.origin == @url.origin
      message = message("GET", place.request_uri, nil)
      answer = connect(place).start { |http| http.request(trusted ? authorized(message) : message) }
    end
    raise IOError, "redirected more than #{MAX_REDIRECTS} times"
  end

  # Net::HTTP's own classes would send a content type, of a form, with a POST that has no body.
  def message(http_method, target, json)
    message = Net::HTTPGenericRequest.new(http_method, !json.nil?, true, target, @headers)
    return message if json.nil?

    message.content_type = "application/json"
    message.body = JSON.generate(json)
    message
  end

  def authorized(message)
    message.basic_auth(*@credentials) if @credentials.all?
    message
  end

  def parsed(request, answer, returns)
    return if answer.body.to_s.empty? || (returns.nil? && answer.content_type != "application/json")

    JSON.parse(answer.body)
  rescue JSON::ParserError
    raise LibraryException.new(
      "the answer is not JSON but #{answer.content_type || 'of no type'}: is #{@url} the URL of the API?",
      status: answer.code.to_i, body: answer.body, **request.place
    )
  end

  def refusal(request, answer)
    status = answer.code.to_i
    message = said(answer) || answer.message
    LibraryException.for(status).new(message, status:, body: answer.body, **request.place)
  end

  # What the server says of its error.
  def said(answer)
    body = JSON.parse(answer.body.to_s)
    body.values_at("message", "error").grep(String).first if body.is_a?(Hash)
  rescue JSON::ParserError
    nil
  end
end
