package Library::Runtime::Exception;

# The base of every exception: what it holds, and the one printable line that it reads as.

use strict;
use warnings;

use overload
  '""'     => sub { my ($self) = @_; return $self->as_string },
  'bool'   => sub { return 1 },
  fallback => 1;

sub new {
    my ( $class, $message, %details ) = @_;
    return bless { %details, message => $message }, $class;
}

sub throw {
    my ( $class, @arguments ) = @_;
    die $class->new(@arguments);
}

sub status  { my ($self) = @_; return $self->{status} }
sub code    { my ($self) = @_; return $self->{code} }
sub message { my ($self) = @_; return $self->{message} }
sub hint    { my ($self) = @_; return $self->{hint} }
sub method  { my ($self) = @_; return $self->{method} }
sub path    { my ($self) = @_; return $self->{path} }
sub body    { my ($self) = @_; return $self->{body} }
sub cause   { my ($self) = @_; return $self->{cause} }

sub as_string {
    my ($self) = @_;
    my $text = $self->{message} // '';

    # One line that a terminal can show, whatever the server sent.
    $text =~ s/[\p{C}\p{Z}]+/ /g;
    $text =~ s/\A[ ]|[ ]\z//g;
    $text = "$self->{status} $text" if defined $self->{status};
    $text .= ". $self->{hint}"                  if defined $self->{hint};
    $text .= " ($self->{method} $self->{path})" if defined $self->{method};
    return $text;
}

1;
