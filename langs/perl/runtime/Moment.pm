package Library::Runtime::Moment;

# A moment as a server writes it. As a number it is the seconds since the epoch, with their fraction;
# as text it is what the server sent.

use strict;
use warnings;

use Time::Local qw(timegm);

use overload
  '""'   => sub { my ($self) = @_; return $self->{text} },
  '0+'   => sub { my ($self) = @_; return $self->{epoch} },
  'bool' => sub { return 1 },
  '<=>'  => \&_compared,
  'cmp'  =>
  sub { my ( $self, $other, $swapped ) = @_; return _texts( "$self", "$other", $swapped ) },
  fallback => 1;

my $ISO_8601 = qr{
    \A (\d{4})-(\d\d)-(\d\d) [Tt\ ] (\d\d):(\d\d):(\d\d) ([.]\d+)?
    (?: [Zz] | ([+-]) (\d\d) :? (\d\d) ) \z
}xa;

# What cannot be read as a moment is given back as it came.
sub parse {
    my ( $class, $text ) = @_;
    return $text if ref $text || $text !~ $ISO_8601;
    my ( $year, $month, $day, $hour, $minute, $second, $fraction ) = ( $1, $2, $3, $4, $5, $6, $7 );
    my $offset = defined $8 ? "${8}1" * ( $9 * 3600 + $10 * 60 ) : 0;

    # A leap second is the first of the next minute.
    my $leap  = $second == 60 ? 1 : 0;
    my $epoch = eval { timegm( $second - $leap, $minute, $hour, $day, $month - 1, $year ) };
    return $text if !defined $epoch;
    return bless { text => $text, epoch => $epoch + $leap - $offset + ( $fraction // 0 ) }, $class;
}

sub epoch   { my ($self) = @_; return $self->{epoch} }
sub TO_JSON { my ($self) = @_; return $self->{text} }

sub _compared {
    my ( $self, $other, $swapped ) = @_;
    my $order = $self->{epoch} <=> 0 + $other;
    return $swapped ? -$order : $order;
}

sub _texts {
    my ( $one, $other, $swapped ) = @_;
    return $swapped ? $other cmp $one : $one cmp $other;
}

1;
