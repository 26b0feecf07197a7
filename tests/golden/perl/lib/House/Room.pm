# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House::Room;

use 5.026;
use strict;
use warnings;

use parent 'House::HouseObject';

__PACKAGE__->identified_by( roomId => 'id' );

__PACKAGE__->attributes(
    id    => 'string',
    title => 'string',
    lamps => 'list House::Lamp',
    size  => 'number',
    class => 'string',
    built => 'datetime',
);

__PACKAGE__->operations_of( 'House::Rooms', qw(get build update) );

__PACKAGE__->downloads_of( 'House::Rooms', qw(get_picture) );

1;

__END__

=encoding utf8

=head1 NAME

House::Room - the model Room

=head1 DESCRIPTION

A room of the house.

=head1 ATTRIBUTES

=head2 id

(text) Its id.

=head2 title

(text) What is on the door.

=head2 lamps

(an array reference of L<House::Lamp> objects) The lamps in it.

=head2 size

(a number) In square metres.

=head2 class

(text) Which kind of room it is.

=head2 built

(a moment) When it was built.

=head1 METHODS

Each of them has the object's own ids filled in, and a twin whose name ends in C<_p>, which gives a
L<Mojo::Promise>.

Handlers of events are put on it as L<House::Runtime::Observable> tells.

=head2 get

    my $room = $room->get;

Read a room.

See L<House::Rooms/get>.

=head2 build

    my $room = $room->build( title => $title, ... );

Build a room.

See L<House::Rooms/build>.

=head2 update

    $room->update( change => $change );

Change a room.

See L<House::Rooms/update>.

=head2 get_picture

    my $result = $room->get_picture( ... );
    $room->get_picture_to( $file, ... );

Take a picture of a room.

See L<House::Rooms/get_picture>.

=cut
