package Library::Runtime::Forms;

# Bodies that are not JSON: forms, files, and content as it is.

use strict;
use warnings;

use Digest::SHA  ();
use Scalar::Util ();
use Time::HiRes  ();

use Library::Runtime::Body      ();
use Library::Runtime::Operation ();
use Library::Runtime::Styles    ();

my $BYTES = 'application/octet-stream';

my %WRITERS = ( form => \&_form, multipart => \&_multipart, binary => \&_content );

# The body, bytes or a Body, and its media type. $fields are pairs of a parameter and its value, $body is
# the whole body.
sub written {
    my ( $kind, $fields, $body, $content_type ) = @_;
    return $WRITERS{$kind}->( $fields, $body, $content_type );
}

sub _form {
    my ( $fields, $body, $content_type ) = @_;
    my $text = join q{&}, map { Library::Runtime::Styles::encoded( _pairs( @{$_} ) ) } @{$fields};
    return ( $text, $content_type // 'application/x-www-form-urlencoded' );
}

sub _multipart {
    my ( $fields, $body, $content_type ) = @_;
    my $boundary = Digest::SHA::sha1_hex( join q{ }, Time::HiRes::time(), $$, rand );
    my @pieces;
    for my $part ( map { _parts( @{$_} ) } @{$fields} ) {
        my ( $head, $content ) = @{$part};
        utf8::encode($head);
        push @pieces, \"--$boundary\r\n$head\r\n\r\n", $content, \"\r\n";
    }
    push @pieces, \"--$boundary--\r\n";
    $content_type //= 'multipart/form-data';
    return ( Library::Runtime::Body::of(@pieces), "$content_type; boundary=$boundary" );
}

sub _content {
    my ( $fields, $body, $content_type ) = @_;
    $content_type //= $BYTES;
    return ( q{},                               $content_type ) if !defined $body;
    return ( Library::Runtime::Body::of($body), $content_type )
      if ref $body && !_reads_as_text($body);
    my $text = "$body";
    utf8::encode($text);
    return ( $text, $content_type );
}

sub _reads_as_text {
    my ($value) = @_;
    return
         Scalar::Util::blessed($value)
      && !Library::Runtime::Body::is_source($value)
      && overload::Method( $value, q{""} );
}

sub _pairs {
    my ( $parameter, $value ) = @_;
    my $style = $parameter->{style} // ( ref $value eq 'ARRAY' ? 'repeat' : 'json' );
    return Library::Runtime::Styles::pairs_of( $style, $parameter->{name}, $value );
}

# Head and content of the parts of a field.
sub _parts {
    my ( $parameter, $value ) = @_;
    my $name = $parameter->{name};
    return _file( $name, $value )               if ( $parameter->{type} // q{} ) eq 'binary';
    return map { _file( $name, $_ ) } @{$value} if ( $parameter->{item} // q{} ) eq 'binary';
    my @values = ref $value eq 'ARRAY' ? @{$value} : $value;
    if ( !$parameter->{style} && grep { ref eq 'HASH' || ref eq 'ARRAY' } @values ) {
        my $json = Library::Runtime::Operation::plain($value);
        utf8::encode($json);
        return [ _disposition($name) . "\r\nContent-Type: application/json", \$json ];
    }
    my @parts;
    for my $pair ( _pairs( $parameter, $value ) ) {
        my ( $name_of_part, $texts, $separator ) = @{$pair};
        my $text = join $separator, @{$texts};
        utf8::encode($text);
        push @parts, [ _disposition($name_of_part), \$text ];
    }
    return @parts;
}

sub _file {
    my ( $field, $value ) = @_;
    my $name;
    ( $name, $value ) = @{$value} if ref $value eq 'ARRAY';
    if ( !defined $name && defined $value && ( !ref $value || _reads_as_text($value) ) ) {
        $name = "$value" =~ s{.*/}{}sr;
        utf8::decode($name);
    }
    $value = "$value" if ref $value && _reads_as_text($value);
    return [ _disposition( $field, $name // $field ) . "\r\nContent-Type: $BYTES", $value ];
}

# The head of a part, with names as browsers write them.
sub _disposition {
    my ( $name, $file ) = @_;
    my $head = sprintf 'Content-Disposition: form-data; name="%s"', _quoted($name);
    return defined $file ? sprintf '%s; filename="%s"', $head, _quoted($file) : $head;
}

sub _quoted {
    my ($text) = @_;
    $text =~ s/(["\r\n])/sprintf '%%%02X', ord $1/ge;
    return $text;
}

1;
