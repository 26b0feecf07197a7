# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House::Rooms;

use 5.026;
use strict;
use warnings;

use parent 'House::Runtime::Resource';

=encoding utf8

=head1 NAME

House::Rooms - the resource rooms

=head1 DESCRIPTION

Rooms, and the lamps in them.

It is what C<< $house->rooms >> gives. Each method has a twin whose name ends in C<_p>, which
gives a L<Mojo::Promise>; for arguments, results and errors see L<House>.

=head1 METHODS

=head2 list

    my $room_list = $house->rooms->list( ... );

List the rooms.

The order is that of the doors.

C<GET /rooms> (C<list>)

=over 4

=item floor

(a whole number) Only rooms on these floors. From 0 to 12.

=item class

(text) Only rooms of this class. One of: cellar, living, attic.

=item tags

(a list of texts) Only rooms with one of these tags.

=back

Gives an array reference of L<House::Room> objects.

=cut

__PACKAGE__->operation(
    list       => 'rooms.list',
    method     => 'GET',
    path       => '/rooms',
    result     => 'list House::Room',
    parameters => [
        query => {
            name    => 'floor',
            type    => 'integer',
            minimum => 0,
            maximum => 12,
        },
        query => {
            name    => 'class',
            choices => [qw(cellar living attic)],
        },
        query => {
            name => 'tags',
            type => 'list',
        },
    ],
);

=head2 get

    my $room = $house->rooms->get( $room_id );

Read a room.

C<GET /rooms/{roomId}> (C<get>)

=over 4

=item room_id

(text, or the L<House::Room> itself; required) The room.

=back

Gives an object of L<House::Room>. Dies of C<NotFoundException>: There is no such room (404).

=cut

__PACKAGE__->operation(
    get        => 'rooms.get',
    method     => 'GET',
    path       => '/rooms/{roomId}',
    result     => 'House::Room',
    parameters => [
        path => 'roomId',
    ],
);

=head2 build

    my $room = $house->rooms->build( $room_id, title => $title, ... );

Build a room.

C<POST /rooms/{roomId}> (C<build>)

=over 4

=item room_id

(text, or the L<House::Room> itself; required) The id it shall have.

=item title

(text; required) What is on the door.

=item settings

(a hash of names and values) Names and values.

=back

Gives an object of L<House::Room>. Dies of C<IllegalInputException>: The title is missing (400);
C<IllegalStateException>: There is such a room already (409); C<HouseServerException>: The house is
full (500).

=cut

__PACKAGE__->operation(
    build      => 'rooms.build',
    method     => 'POST',
    path       => '/rooms/{roomId}',
    result     => 'House::Room',
    makes      => [qw(House::Room room_id)],
    parameters => [
        path  => 'roomId',
        query => {
            name     => 'title',
            required => 1,
        },
        field => {
            name        => 'settings',
            type        => 'map',
            text_values => 1,
        },
    ],
);

=head2 update

    $house->rooms->update( $room_id, change => $change );

Change a room.

C<PUT /rooms/{roomId}> (C<update>)

=over 4

=item room_id

(text, or the L<House::Room> itself; required) The room.

=item change

(a hash; required) What shall be different.

=back

Dies of C<NotFoundException>: There is no such room (404).

=cut

__PACKAGE__->operation(
    update     => 'rooms.update',
    method     => 'PUT',
    path       => '/rooms/{roomId}',
    result     => 'void',
    parameters => [
        path => 'roomId',
        body => {
            name     => 'change',
            type     => 'object',
            required => 1,
        },
    ],
);

=head2 get_picture

    my $result = $house->rooms->get_picture( $room_id, ... );
    $house->rooms->get_picture_to( $file, $room_id, ... );

Take a picture of a room.

C<GET /rooms/{roomId}/picture> (C<getPicture>)

=over 4

=item room_id

(text, or the L<House::Room> itself; required) The room.

=item from

(text) The corner to take it from. The server's default: door.

=item progress

(code) Where the bytes are written somewhere, it is called as they come, with the number of bytes so
far and that of all, C<undef> if it is not known.

=back

Gives bytes. The method ending in C<_to> writes them into a file, which appears only when it is
complete, or to a handle, and gives their number. Dies of C<NotFoundException>: There is no such
room (404); C<HouseUnknownException>: It is dark (503).

=cut

__PACKAGE__->operation(
    get_picture => 'rooms.getPicture',
    method      => 'GET',
    path        => '/rooms/{roomId}/picture',
    result      => 'binary',
    parameters  => [
        path  => 'roomId',
        query => 'from',
    ],
);

=head2 get_rooms

List the rooms.

The same as L<C<rooms-E<gt>list>|House::Rooms/list>.

=cut

__PACKAGE__->shortcut( get_rooms => 'list' );

1;
