# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House;

use 5.026;
use strict;
use warnings;

use parent 'House::Runtime::EventClient';

our $VERSION = 'v2.0.1';

my %ACCESS = (
    lists       => 'repeat',
    query_limit => 0,
    user_agent  => 'House/2.0.1',
    hints       => {
        401 => 'Ask the porter.',
    },
    events  => 'House::EventTable',
    options => [qw(intervals on_error reader)],
);

sub new {
    my ( $class, %options ) = @_;
    return $class->SUPER::new( \%ACCESS, %options );
}

__PACKAGE__->resources(
    rooms => 'House::Rooms',
    lamps => 'House::Lamps',
    news  => 'House::NewsResource',
);

__PACKAGE__->shortcuts(
    get_rooms => 'rooms',
    get_lamp  => 'lamps',
);

__PACKAGE__->new_objects( new_room => 'House::Room' );

1;

__END__

=encoding utf8

=head1 NAME

House - House

=head1 SYNOPSIS

    use House;

    my $house = House->new(
        api_url  => 'http://localhost:9000/house',
        username => 'user',
        password => 'password',
        reader   => 'hello',
    );

    my $result = $house->get_rooms;

    # Handlers get each event; run serves until stop is called.
    $house->add_event_handler(
        News => sub {
            my ($event) = @_;
            print $event->type, "\n";
        }
    );
    $house->run;

=head1 DESCRIPTION

A house with rooms and lamps.

It runs on Perl 5.26 and later, and needs L<Mojolicious>. It was generated from the API's documents,
version 1.4.

=head1 CALLS

Every operation of the API is a method of its resource, by the document's name of it in snake_case:
C<< $house->resource->operation( name => $value ) >>. What an operation needs may come first
without names, the ids of its path before the rest. Where the id of an object is expected, the object
will do. C<undef> is the same as nothing. Beside the document's names every call takes
C<request_timeout>, in seconds. A call that cannot be right dies of an L<exception|/ERRORS> before
anything is sent.

Texts are Perl's character strings, and travel as UTF-8. A boolean is one of any JSON module's, or 1,
0 or an empty text. A number is whatever looks like one. Lists come as array references, maps as hash
references, structures as objects of the classes below, moments as L</MOMENTS>.

=head2 Promises

Every method that calls has a twin whose name ends in C<_p>, which returns at once with a
L<Mojo::Promise> of the same result. In a handler of events it is the better choice: while it waits,
other handlers run.

    $house->get_rooms_p->then(
        sub { my ($result) = @_; ... },
        sub { my ($error)  = @_; ... },
    );

A blocking call goes over L<HTTP::Tiny> as long as no event loop is running. Inside a running loop it
turns the loop until its answer is there. Only in a timer of a program's own the promise is needed: with
L<EV>, a timer whose code turns the loop goes off again.

=head2 Objects

An object is what the server said of it, once: its attributes do not change by themselves. C<==> and
C<equals> compare objects by their classes and ids. C<member> gives any member of the JSON by its name,
also one that the documents do not know, and C<TO_JSON> all of it. An attribute keeps the name that it
has in the JSON; one that an object has already gets an underscore.

=head2 MOMENTS

A moment is, as text, what the server sent; as a number, the seconds since the epoch, also from its
method C<epoch>. So C<localtime $moment> works, and moments can be compared and subtracted.

=head1 METHODS

=head2 new

    my $house = House->new( api_url => $url, ... );

Settles where the API is and how it is reached; nothing is sent yet.

=over 4

=item api_url

The API's URL, such as C<http://localhost:9000/house>.

=item username, password

What the server asks for, if it does.

=item timeout

Seconds that a call waits for the server before it dies of a C<TimeoutException>; 30 if left out.

=item tls

A hash: C<ca>, C<cert> and C<key> are paths of files, C<insecure> switches the verification off, and
C<SSL_...> are options of L<IO::Socket::SSL>.

=item ua

A L<Mojo::UserAgent> of the program's own, for all calls inside an event loop.

=item reader

(a list of texts) Who listens.

=item on_error

Code that is called with an error that nobody waits for, such as that of a handler of events, and with
what failed. If left out there is a warning.

=back

=head2 close

Lets go of all connections. The library may still be used, and opens new ones.

=head2 connect, connect_p

Opens the connection for events, and returns when it is up; the promise is kept then. A connection that
is lost later is made again, without limit.

=head2 run

Serves events until C<stop> is called; connects first if need be.

=head2 stop

Closes the connection for events and ends C<run>; in a handler too.

=head2 state

How the connection for events is: C<closed>, C<connecting>, C<connected>, C<reconnecting> or
C<replaced>.

=head2 add_event_handler, remove_event_handler, once, wait_for, wait_for_p

    $house->add_event_handler( $name => sub { my ($event) = @_; ... } );
    $house->remove_event_handler( $name => $handler );
    $house->once( $name => sub { my ($event) = @_; ... } );
    my $event = $house->wait_for( $name, timeout => 5 );

Handlers of events, on the library and likewise on every object; see
L<House::Runtime::Observable>. What the library itself tells of its connection is in
L<House::Runtime::ConnectionEvent>.

=head1 RESOURCES

=head2 rooms

Rooms, and the lamps in them. See L<House::Rooms>.

=head2 lamps

Lamps. See L<House::Lamps>.

=head2 news

What happens in the house. See L<House::NewsResource>.

=head1 SHORTCUTS

Each has a twin whose name ends in C<_p>.

=head2 get_rooms

List the rooms.

The same as L<C<rooms-E<gt>list>|House::Rooms/list>.

=head2 get_lamp

Read a lamp.

The same as L<C<lamps-E<gt>get>|House::Lamps/get>. Its first argument holds the two ids, which are
split at the first C<:>.

=head1 OBJECTS THAT DO NOT EXIST YET

The id of such an object is made here, or is the argument, so that handlers can be put on it before the
server knows of it, and no event is missed. Then one of its own operations creates it.

=head2 new_room

A L<House::Room>.

=head1 ERRORS

What fails dies of an object; no variable of this library holds it. All are of the class
C<House::HouseException>, and have C<status>, C<message>, C<code>, C<method>,
C<path> and C<body>; as text they are one printable line, which never holds a credential. The classes
are in L<House::Exceptions>.

=head1 COPYRIGHT AND LICENCE

Copyright The house's owners. Licence: MIT.

=cut
