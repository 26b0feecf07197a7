# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House::NewsResource;

use 5.026;
use strict;
use warnings;

use parent 'House::Runtime::Resource';

=encoding utf8

=head1 NAME

House::NewsResource - the resource news

=head1 DESCRIPTION

What happens in the house.

It is what C<< $house->news >> gives. Each method has a twin whose name ends in C<_p>, which
gives a L<Mojo::Promise>; for arguments, results and errors see L<House>.

=head1 METHODS

=head2 watch

    $house->news->watch( $reader, room_id => $room_id );

Hear of a room.

C<POST /news/{reader}/watch> (C<watch>)

=over 4

=item reader

(text; required) Who listens.

=item room_id

(a list of texts, or the L<House::Room> itself; required) The rooms.

=back

=cut

__PACKAGE__->operation(
    watch        => 'news.watch',
    method       => 'POST',
    path         => '/news/{reader}/watch',
    result       => 'void',
    subscription => 'add',
    ended_by     => 'DELETE',
    parameters   => [
        path  => 'reader',
        query => {
            name     => 'roomId',
            type     => 'list',
            required => 1,
        },
    ],
);

=head2 unwatch

    $house->news->unwatch( $reader, room_id => $room_id );

Hear of a room no more.

C<DELETE /news/{reader}/watch> (C<unwatch>)

=over 4

=item reader

(text; required) Who listens.

=item room_id

(a list of texts, or the L<House::Room> itself; required) The rooms.

=back

=cut

__PACKAGE__->operation(
    unwatch      => 'news.unwatch',
    method       => 'DELETE',
    path         => '/news/{reader}/watch',
    result       => 'void',
    subscription => 'remove',
    parameters   => [
        path  => 'reader',
        query => {
            name     => 'roomId',
            type     => 'list',
            required => 1,
        },
    ],
);

1;
