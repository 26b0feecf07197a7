# frozen_string_literal: true

# Says what Ruby sees in generated libraries, whose folders it reads as a JSON array. For each it prints a line of JSON:
# for each file the tokens that are code (with the text of literals left out), and the directives in its comments.

require "json"
require "ripper"

# The comments that tell Ruby something; it sees others of their form, and leaves them alone.
class Directives < Ripper
  KNOWN = %w[coding encoding frozen_string_literal shareable_constant_value warn_indent warn_past_scope].freeze

  def found = @found ||= []

  def on_magic_comment(name, value)
    found << "#{name}: #{value}" if KNOWN.include?(name.downcase.tr("-", "_"))
  end
end

LEFT_OUT = %i[on_comment on_sp on_nl on_ignored_nl].freeze

JSON.parse($stdin.read).each do |folder|
  files = Dir.glob("**/*.{rb,gemspec}", base: folder).sort.to_h do |name|
    source = File.read("#{folder}/#{name}")
    tokens = Ripper.lex(source, name, raise_errors: true).reject { |token| LEFT_OUT.include?(token[1]) }
    # Ripper cuts a literal with escapes into several pieces.
    code = tokens.map { |_, kind, text| kind == :on_tstring_content ? "…" : text }.join(" ").gsub(/…( …)+/, "…")
    directives = Directives.new(source).tap(&:parse)
    abort "#{folder}/#{name} is no Ruby" if directives.error?
    [name, { code:, directives: directives.found }]
  end
  puts JSON.generate(files)
end
