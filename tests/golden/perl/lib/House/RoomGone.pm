# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House::RoomGone;

use 5.026;
use strict;
use warnings;

use parent 'House::News';

__PACKAGE__->attributes( room => 'House::Room' );

1;

__END__

=encoding utf8

=head1 NAME

House::RoomGone - the model RoomGone

=head1 DESCRIPTION

A room was torn down.

It has also all that a L<House::News> has.

=head1 ATTRIBUTES

=head2 room

(L<House::Room>) The room.

=cut
