# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House::Lamps;

use 5.026;
use strict;
use warnings;

use parent 'House::Runtime::Resource';

=encoding utf8

=head1 NAME

House::Lamps - the resource lamps

=head1 DESCRIPTION

Lamps.

It is what C<< $house->lamps >> gives. Each method has a twin whose name ends in C<_p>, which
gives a L<Mojo::Promise>; for arguments, results and errors see L<House>.

=head1 METHODS

=head2 get

    my $lamp = $house->lamps->get( $room_id, $lamp );

Read a lamp.

C<GET /lamps/{roomId}/{lamp}> (C<get>; since 1.0, 1.2)

=over 4

=item room_id

(text, or the L<House::Room> itself; required) The room it hangs in.

=item lamp

(text; required) Its name in the room.

=back

Gives an object of L<House::Lamp>. Dies of C<NotFoundException>: There is no such lamp (404).

=cut

__PACKAGE__->operation(
    get        => 'lamps.get',
    method     => 'GET',
    path       => '/lamps/{roomId}/{lamp}',
    result     => 'House::Lamp',
    parameters => [
        path => 'roomId',
        path => 'lamp',
    ],
);

=head2 switch

    $house->lamps->switch( $room_id, $lamp, on => $on, ... );

Switch a lamp, or say """why\not""".

C<PUT /lamps/{roomId}/{lamp}> (C<switch>)

=over 4

=item room_id

(text, or the L<House::Room> itself; required) The room it hangs in.

=item lamp

(text; required) Its name in the room.

=item on

(a boolean; required) Whether it shall give light.

=item colour

(text) Its colour. One of: white, red, green, blue, ultraviolet, infrared, rainbow, candle. The
server's default: white.

=item x_reason

(text) What the house's log shall say.

=item brightness

(a number) In per cent. From 0 to 100.

=back

Dies of C<NotFoundException>: There is no such lamp (404); C<IllegalStateException>: It has no bulb
(412); C<RequestRejectedException>: It cannot have that colour (422).

=cut

__PACKAGE__->operation(
    switch     => 'lamps.switch',
    method     => 'PUT',
    path       => '/lamps/{roomId}/{lamp}',
    result     => 'void',
    parameters => [
        path  => 'roomId',
        path  => 'lamp',
        query => {
            name     => 'on',
            type     => 'boolean',
            required => 1,
        },
        query => {
            name    => 'colour',
            choices => [qw(white red green blue ultraviolet infrared rainbow candle)],
            default => 'white',
        },
        header => {
            name => 'X-Reason',
            as   => 'x_reason',
        },
        query => {
            name    => 'brightness',
            type    => 'number',
            minimum => 0,
            maximum => 100,
        },
    ],
);

=head2 get_lamp

Read a lamp.

The same as L<C<lamps-E<gt>get>|House::Lamps/get>. Its first argument holds the two ids, which are
split at the first C<:>.

=cut

__PACKAGE__->shortcut( get_lamp => 'get', split => ':' );

1;
